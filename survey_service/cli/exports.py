"""`survey-service export`: all results of the country as Parquet, for engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_service.operations.jobs import Tools
    from survey_service.operations.kept_exports import Kept, Table
    from survey_service.store.database import Database


@click.command()
@click.argument("name")
@click.option("--replace", is_flag=True, help="Where there is one of that name already.")
def export(name: str, *, replace: bool) -> None:
    """Write all results as Parquet below national/NAME where the service keeps its files.

    Needs the extra survey-service[parquet]. A folder for each questionnaire, a file for each cycle,
    and what all of it means in datapackage.json. Pages have the same at /exports.
    """
    from survey_service.cli.files import settings
    from survey_service.cli.service import with_store
    from survey_service.operations.kept_exports import NAME, place

    if not NAME.fullmatch(name):
        raise click.BadParameter(
            "letters, digits, dots, hyphens and underscores", param_hint="NAME"
        )
    for one in with_store(lambda db: _made(db, name, replace=replace)).tables:
        click.echo(_line(f"{place(settings(), name)}/{one.folder}", one))


async def _made(db: Database, name: str, *, replace: bool) -> Kept:
    from functools import partial

    from survey_service.cli.files import settings
    from survey_service.errors.engines import ExportBusyError
    from survey_service.errors.jobs import JobStateError
    from survey_service.operations import kept_exports, result_exports
    from survey_service.operations.worker import Worker

    tools = _tools(db)
    await kept_exports.require_free(tools.files, name, None, replace=replace)
    ask = partial(result_exports.request, actor=None, name=name, replace=replace)
    work = partial(result_exports.made, tell=partial(_tell, settings().language))
    try:
        await Worker(tools).do_at_once(ask, work)
    except JobStateError as error:
        if error.details["job_state"] != "running":
            raise
        raise ExportBusyError(name=name) from error
    finally:
        tools.renderer.close()
    return await kept_exports.view(tools.files, None, name)


def _tools(db: Database) -> Tools:
    from survey_service.cli.files import settings
    from survey_service.operations.jobs import Tools
    from survey_service.reports.rendering import renderer
    from survey_service.store.files import files

    return Tools(settings(), db, files(settings()), renderer(settings()), None)


def _tell(language: str, cycle: str) -> None:
    from survey_service.i18n import translate

    click.echo(translate("{cycle} is written", language, cycle=cycle), err=True)


def _line(place: str, one: Table) -> str:
    from survey_service.cli.files import settings
    from survey_service.i18n import translate

    told = {"folder": place, "rows": one.rows, "cycles": len(one.cycles)}
    megabytes = f"{one.size / 1e6:.1f}"
    return translate("export.written", settings().language, **told, megabytes=megabytes)
