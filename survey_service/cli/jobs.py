"""`survey-service work`: doing what takes long, beside those who serve."""

from __future__ import annotations

import logging
import signal
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from survey_service.cli.files import settings

if TYPE_CHECKING:
    from survey_service.operations.jobs import Tools


@click.command()
@click.option("--until-idle", is_flag=True, help="End once nothing is left to do.")
def work(*, until_idle: bool) -> None:
    """Make reports and tables, take in lists, send mail and clean up, until told to stop."""
    import asyncio

    from survey_service.operations.jobs import tools_for
    from survey_service.processes import give_back_memory
    from survey_service.store.database import is_postgresql
    from survey_service.store.locks import working

    give_back_memory()
    chosen = settings()
    beside = nullcontext() if is_postgresql(chosen.database) else working(chosen.database)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    with beside:
        asyncio.run(_work(tools_for(chosen), until_idle=until_idle))


async def _work(tools: Tools, *, until_idle: bool) -> None:
    import asyncio

    from survey_service.operations.log import number_all
    from survey_service.operations.recomputation import require_caught_up
    from survey_service.operations.worker import Worker
    from survey_service.store.schema import require_newest

    worker, loop = Worker(tools), asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, worker.stop)  # what is at hand is given back
    try:
        await tools.db.read(require_newest)
        await tools.db.read(require_caught_up)
        await (worker.work_until_idle() if until_idle else worker.work())
        await number_all(tools.db)
    finally:
        await tools.db.close()
        tools.renderer.close()
