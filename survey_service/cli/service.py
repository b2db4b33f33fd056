"""Commands that run and look after the service."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from survey_service.cli.files import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from survey_service.conduct.access import Role
    from survey_service.maturity.conditions import Attribute
    from survey_service.settings import Settings
    from survey_service.store.database import Database, Reader, Writer

_OTHER_FILES = 200  # that a process has open: the database's, those that are sent
P = ParamSpec("P")
T = TypeVar("T")


@click.command()
def migrate() -> None:
    """Bring the database up to date, and store the results of assessments from before."""
    _bring_up_to_date()


def _bring_up_to_date() -> None:
    import asyncio

    from survey_service.operations.recomputation import catch_up
    from survey_service.store import schema

    click.echo(asyncio.run(schema.migrate(settings().database)))
    if count := with_store(catch_up):
        click.echo(f"results: {count}", err=True)


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
@click.option(
    "--country", is_flag=True, help="Moreover a made-up country to measure: 100,000 assessments."
)
@click.option("--agencies", default=600, show_default=True, help="Of that country.")
@click.option(
    "--units", default=20_000, show_default=True, help="That take part in each cycle of it."
)
@click.option("--cycles", default=5, show_default=True, help="Of that country.")
def seed(*, country: bool, agencies: int, units: int, cycles: int) -> None:
    """Publish the library and fill in a demo country; print how to sign in to it."""
    from survey_service.library.questionnaires import files
    from survey_service.operations import demo

    library = [(str(path), path.read_bytes()) for path in files(settings().questionnaires)]
    sign_in = writing(demo.seed, library)
    click.echo(f"demo sign-in: {sign_in.login}  password: {sign_in.password}")
    others = ", ".join(f"{sign_in.login}-{role}" for role in demo.ROLES)
    click.echo(f"with the same password: {others}")
    if country:
        _generate(agencies, units, cycles)


def _generate(agencies: int, units: int, cycles: int) -> None:
    from survey_service.operations.generated_country import Size, generate

    size = Size(agencies, units, cycles)
    with_store(lambda db: generate(db, size, lambda name: click.echo(name, err=True)))


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
    """Seal what is kept sealed with the first of the secrets in SURVEY_SECRET; the rest can go."""
    from survey_service.operations import secrets
    from survey_service.operations.sealing import sealer_of

    click.echo(writing(secrets.reseal, sealer_of(settings())))


@click.command()
@click.option("--migrate", "migrating", is_flag=True, help="Bring the database up to date first.")
def serve(*, migrating: bool) -> None:
    """Serve the pages and the API."""
    import logging

    from survey_service.errors.installation import InvalidSettingError
    from survey_service.operations.questionnaires import require_unchanged
    from survey_service.operations.recomputation import require_caught_up
    from survey_service.store.database import is_postgresql

    chosen = settings()
    chosen.require_safe()
    if chosen.workers > 1 and not is_postgresql(chosen.database):
        # one file has one process that serves it: see store.locks
        expected = "1, or SURVEY_DATABASE=postgresql://…"
        raise InvalidSettingError(name="SURVEY_WORKERS", value=chosen.workers, expected=expected)
    if migrating:
        _bring_up_to_date()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    with _alone(chosen), _counting(chosen):
        reading(require_caught_up)  # refused here, in words
        reading(require_unchanged, chosen.questionnaires)
        click.echo(f"{_reached(chosen)}  (Ctrl+C stops)")
        _run(chosen)


def _reached(chosen: Settings) -> str:
    """Return where the service is reached; listening everywhere alone opens it to nobody."""
    if chosen.public or chosen.address == f"http://{chosen.host}:{chosen.port}":
        return f"http://{chosen.host}:{chosen.port}"
    return f"{chosen.address}  answers localhost alone; SURVEY_PUBLIC names an address for others"


def _alone(chosen: Settings) -> AbstractContextManager[None]:
    """Be the one who serves a SQLite file; a server has as many clients as it likes."""
    from survey_service.store.database import is_postgresql
    from survey_service.store.locks import serving

    return nullcontext() if is_postgresql(chosen.database) else serving(chosen.database)


@contextmanager
def _counting(chosen: Settings) -> Iterator[None]:
    """Give workers a folder in which each counts, so that any of them can tell the sum."""
    if chosen.workers == 1:
        yield
        return
    with TemporaryDirectory(prefix="survey-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # noqa: TID251 - the library's own setting
        yield


def _run(chosen: Settings) -> None:
    import uvicorn

    from survey_service.settings import GRACE

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
        timeout_graceful_shutdown=GRACE,
        http="survey_service.web.connections:Connection",
        ws="none",
        limit_concurrency=_connections(chosen.connections),
    )


def _connections(wanted: int) -> int:
    """Return how many connections a process can keep open, having asked for as many as it may."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return min(wanted, max(_OTHER_FILES, most - _OTHER_FILES))


@click.command()
@click.option("--deep", is_flag=True, help="Read every file of evidence: was it altered?")
@click.option("--recompute", is_flag=True, help="Score every stored result anew: does it stand?")
@click.option(
    "--mend",
    is_flag=True,
    help="Remove what interrupted uploads have left; let nobody else read; with --recompute, put "
    "right what follows from a result, and never a result.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(*, deep: bool, recompute: bool, mend: bool, as_json: bool) -> None:
    """Say what is missing or wrong on this machine and how to put it right."""
    import msgspec

    from survey_service.cli.doctor import examine

    found = examine(settings(), deep=deep, recompute=recompute, mend=mend)
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
    """Do some work on the store that the settings name, see to its log, and close it."""
    import asyncio

    from survey_service.operations.log import number_all
    from survey_service.store.database import connect
    from survey_service.store.schema import require_newest

    async def run() -> T:
        db = connect(settings().database)
        try:
            await db.read(require_newest)
            done = await work(db)
            await number_all(db)
            return done
        finally:
            await db.close()

    return asyncio.run(run())
