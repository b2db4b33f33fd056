"""Commands that run and look after the service."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from survey_service.cli.files import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from survey_service.store.database import Reader, Writer

P = ParamSpec("P")
T = TypeVar("T")


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    from survey_service.store.schema import migrate as bring_up_to_date

    click.echo(asyncio.run(bring_up_to_date(settings().database)))


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
def publish(paths: tuple[str, ...]) -> None:
    """Publish questionnaire files: from then on they never change."""
    from survey_service.library.documents import content_of
    from survey_service.operations import questionnaires

    for path in paths:
        published = _run(questionnaires.publish, content_of(Path(path)), path)
        click.echo(f"{published.reference}  {published.digest}")


@click.command()
def seed() -> None:
    """Publish the library and fill in a demo agency; print how to sign in as it."""
    from survey_service.library.questionnaires import files
    from survey_service.operations import demo

    library = [(str(path), path.read_bytes()) for path in files(settings().questionnaires)]
    sign_in = _run(demo.seed, library)
    click.echo(f"demo sign-in: {sign_in.login}  password: {sign_in.password}")


@click.command()
def serve() -> None:
    """Serve the pages and the API."""
    import logging

    import uvicorn

    from survey_service.errors import InvalidSettingError
    from survey_service.operations.questionnaires import require_unchanged
    from survey_service.store.database import is_postgresql

    chosen = settings()
    if chosen.workers > 1 and not is_postgresql(chosen.database):
        # two writers on one file: SQLite before 3.51.3 can corrupt what they share
        expected = "1, or SURVEY_DATABASE=postgresql://…"
        raise InvalidSettingError(name="SURVEY_WORKERS", value=chosen.workers, expected=expected)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    _run(require_unchanged, chosen.questionnaires)  # refused here, in words
    click.echo(f"http://{chosen.host}:{chosen.port}  (Ctrl+C stops)")
    uvicorn.run(
        "survey_service.app:from_the_environment",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(chosen.proxies),
        forwarded_allow_ips=chosen.proxies or None,
        timeout_graceful_shutdown=30,
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(*, as_json: bool) -> None:
    """Say what is missing on this machine and how to get it."""
    import msgspec

    from survey_service.cli.doctor import examine

    found = examine(settings())
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        for one in found:
            click.echo(f"{'ok ' if one.well else 'NO '} {one.name}: {one.found}")
            if not one.well:
                click.echo(f"    {one.remedy}")
    if not all(one.well for one in found):
        raise SystemExit(1)


def reading(query: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one query on the store that the settings name, and close it."""
    from survey_service.store.database import connect
    from survey_service.store.schema import require_newest

    async def run() -> T:
        db = connect(settings().database)
        try:
            await db.read(require_newest)
            return await db.read(query, *args, **kwargs)
        finally:
            await db.close()

    return asyncio.run(run())


def _run(
    operation: Callable[Concatenate[Writer, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run one operation on the store that the settings name, and close it."""
    from survey_service.store.database import connect
    from survey_service.store.schema import require_newest

    async def run() -> T:
        db = connect(settings().database)
        try:
            await db.read(require_newest)
            return await db.write(operation, *args, **kwargs)
        finally:
            await db.close()

    return asyncio.run(run())
