"""Commands that run and look after the service."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from survey_service.cli.files import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from survey_service.conduct.access import Role
    from survey_service.maturity.conditions import Attribute
    from survey_service.settings import Settings
    from survey_service.store.database import Database, Reader, Writer

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
        published = writing(questionnaires.publish, content_of(Path(path)), path)
        click.echo(f"{published.reference}  {published.digest}")


@click.command()
def seed() -> None:
    """Publish the library and fill in a demo country; print how to sign in to it."""
    from survey_service.library.questionnaires import files
    from survey_service.operations import demo

    library = [(str(path), path.read_bytes()) for path in files(settings().questionnaires)]
    sign_in = writing(demo.seed, library)
    click.echo(f"demo sign-in: {sign_in.login}  password: {sign_in.password}")
    others = ", ".join(f"{sign_in.login}-{role}" for role in demo.ROLES)
    click.echo(f"with the same password: {others}")


@click.group()
def user() -> None:
    """Look after those who sign in."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="As shown beside what they save.")
@click.option(
    "--role",
    required=True,
    help="respondent, coordinator, inspector, evaluator, ministry, auditor or administrator.",
)
@click.option("--organisation", required=True, help="Its name; added where it is not there yet.")
@click.option("--kind", required=True, help="ministry, body, province, regency, city or unit.")
@click.option(
    "--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="Of the organisation."
)
def add(
    login: str, name: str, role: Role, organisation: str, kind: str, attributes: tuple[str, ...]
) -> None:
    """Add a person, or give LOGIN a new password; print it, this once."""
    from survey_service.operations import people

    known = dict(_attribute(one) for one in attributes)
    password = writing(people.add, login, name, role, organisation, kind, known)
    click.echo(f"sign-in: {login}  password: {password}")


def _attribute(written: str) -> tuple[str, Attribute]:
    from survey_service.library.organisations import attribute

    name, equals, value = written.partition("=")
    if not equals:
        raise click.BadParameter("NAME=VALUE")
    return name, attribute(name, value)


@click.command()
def reseal() -> None:
    """Seal second factors with the first of the secrets in SURVEY_SECRET; the rest can then go."""
    from survey_service.operations import second_factors
    from survey_service.operations.sealing import Sealer

    click.echo(writing(second_factors.reseal, Sealer(settings().secret)))


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
def backup(archive: Path) -> None:
    """Write database and files into ARCHIVE, while the service runs or not."""
    from survey_service.store.backup import save

    chosen = _on_sqlite()
    save(chosen.database, _folder(chosen), archive)
    click.echo(archive)


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
def restore(archive: Path) -> None:
    """Bring database and files back from ARCHIVE, where there is no database yet."""
    from survey_service.store.backup import restore as bring_back

    chosen = _on_sqlite()
    bring_back(archive, chosen.database, _folder(chosen))
    click.echo(chosen.database)


def _folder(chosen: Settings) -> Path | None:
    """Return the folder of files; None where they lie in S3, which is backed up over there."""
    return None if chosen.files.startswith("s3://") else Path(chosen.files)


def _on_sqlite() -> Settings:
    """Return the settings, which must name a SQLite file."""
    from survey_service.errors import BackupError
    from survey_service.store.database import is_postgresql

    chosen = settings()
    if is_postgresql(chosen.database):
        raise BackupError(file="PostgreSQL", reason="server")
    return chosen


@click.command()
def serve() -> None:
    """Serve the pages and the API."""
    import logging

    import uvicorn

    from survey_service.errors import InvalidSettingError
    from survey_service.operations.questionnaires import require_unchanged
    from survey_service.store.database import is_postgresql

    chosen = settings()
    chosen.require_safe()
    if chosen.workers > 1 and not is_postgresql(chosen.database):
        # two writers on one file: SQLite before 3.51.3 can corrupt what they share
        expected = "1, or SURVEY_DATABASE=postgresql://…"
        raise InvalidSettingError(name="SURVEY_WORKERS", value=chosen.workers, expected=expected)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    reading(require_unchanged, chosen.questionnaires)  # refused here, in words
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
@click.option("--deep", is_flag=True, help="Read every file of evidence: was it altered?")
@click.option("--mend", is_flag=True, help="Remove files of evidence to which nothing refers.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(*, deep: bool, mend: bool, as_json: bool) -> None:
    """Say what is missing or wrong on this machine and how to put it right."""
    import msgspec

    from survey_service.cli.doctor import examine

    found = examine(settings(), deep=deep, mend=mend)
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
    return with_store(lambda db: db.read(query, *args, **kwargs))


def writing(operation: Callable[Concatenate[Writer, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one operation on the store that the settings name, and close it."""
    return with_store(lambda db: db.write(operation, *args, **kwargs))


def with_store(work: Callable[[Database], Coroutine[object, object, T]]) -> T:
    """Do something with the store that the settings name, and close it."""
    from survey_service.store.database import connect
    from survey_service.store.schema import require_newest

    async def run() -> T:
        db = connect(settings().database)
        try:
            await db.read(require_newest)
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())
