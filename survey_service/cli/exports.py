"""`survey-service export`: all results of the country as Parquet, for engines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_service.reports.result_files import Exported
    from survey_service.store.database import Database

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _named(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not _NAME.fullmatch(value):
        raise click.BadParameter("letters, digits, dots, hyphens and underscores")
    return value


@click.command()
@click.argument("name", callback=_named)
@click.option("--replace", is_flag=True, help="Where there is one of that name already.")
def export(name: str, *, replace: bool) -> None:
    """Write all results as Parquet below national/NAME where the service keeps its files.

    Needs the extra survey-service[parquet]. A folder for each questionnaire, a file for each cycle,
    and what all of it means in datapackage.json.
    """
    from survey_service.cli.files import settings
    from survey_service.cli.service import with_store
    from survey_service.i18n import translate
    from survey_service.operations import result_files
    from survey_service.store.files import files

    language, kept = settings().language, files(settings())

    def tell(cycle: str) -> None:
        click.echo(translate("{cycle} is written", language, cycle=cycle), err=True)

    async def work(db: Database) -> list[Exported]:
        return await result_files.export(db, kept, name, tell, replace=replace)

    place = f"{settings().files}/{result_files.FOLDER}/{name}"
    for one in with_store(work):
        click.echo(_line(place, one, language))


def _line(place: str, one: Exported, language: str) -> str:
    from survey_service.i18n import translate
    from survey_service.reports.result_files import folder

    told = {
        "folder": f"{place}/{folder(one.questionnaire)}",
        "rows": sum(part.rows for part in one.parts),
        "cycles": len(one.parts),
        "megabytes": f"{sum(part.size for part in one.parts) / 1e6:.1f}",
    }
    return translate("export.written", language, **told)
