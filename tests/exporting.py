"""Exports of all results in tests, made as the command line makes them."""

from collections.abc import Callable
from functools import partial

from survey_service.operations import kept_exports, result_exports
from survey_service.operations.jobs import Tools
from survey_service.operations.kept_exports import Kept
from survey_service.operations.worker import Worker
from survey_service.store import cycles
from survey_service.store.database import Reader


async def export(
    tools: Tools, name: str, tell: Callable[[str], None] = lambda _: None, *, replace: bool = False
) -> Kept:
    """Export all results; return what is there then."""
    ask = partial(result_exports.request, actor=None, name=name, replace=replace)
    await Worker(tools).do_at_once(ask, partial(result_exports.made, tell=tell))
    return await kept_exports.view(tools.files, await tools.db.read(all_of_them), name)


def all_of_them(tx: Reader) -> set[int]:
    """Return the ids of all cycles that are open."""
    return {one.id for one in cycles.all_open(tx)}
