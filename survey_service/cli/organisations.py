"""`survey-service organisation`: who takes part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_service.conduct.organisation_lists import Plan


@click.group()
def organisation() -> None:
    """Look after the tree of organisations."""


@organisation.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--apply", "applied", is_flag=True, help="Do it; else only show what would change.")
@click.option(
    "--numbers",
    type=click.Choice(["thousands", "decimals"]),
    help="How 1.850 is read: as 1850, or as 1.85; else it is refused.",
)
@click.option(
    "--another", is_flag=True, help="New ones whose names resemble others are not the same."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def import_(
    file: Path, *, applied: bool, numbers: str | None, another: bool, as_json: bool
) -> None:
    """Take in the organisations of a CSV or XLSX FILE; nothing is ever removed."""
    import msgspec

    from survey_service.cli.files import settings
    from survey_service.cli.service import reading, with_store
    from survey_service.library.documents import content_of
    from survey_service.library.organisations import load
    from survey_service.operations import command_lists, organisations

    thousands = None if numbers is None else numbers == "thousands"
    found = load(content_of(file), str(file), thousands)
    rows = [msgspec.structs.replace(row, another=another) for row in found]
    if applied:
        planned = with_store(lambda db: command_lists.import_list(db, file.name, rows))
    else:
        planned = reading(organisations.preview, None, rows)
    if as_json:
        click.echo(msgspec.json.encode(planned))
    else:
        _tell(planned, file, settings().language, applied=applied)
    if planned.misfits or planned.similar:
        raise SystemExit(1)


@organisation.command()
@click.argument("number", type=int, required=False)
@click.option(
    "--list", "listing", is_flag=True, help="Show the lists there are, with their numbers."
)
@click.option("--apply", "applied", is_flag=True, help="Do it; else only show what would change.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def undo(number: int | None, *, listing: bool, applied: bool, as_json: bool) -> None:
    """Undo the list NUMBER that `import` took in, or the last one, within a day and as one step."""
    import msgspec

    from survey_service.cli.files import settings
    from survey_service.cli.service import reading, with_store
    from survey_service.operations import command_lists

    if listing:
        _list(as_json=as_json)
        return
    if applied:
        found, planned = with_store(lambda db: command_lists.undo(db, number))
    else:
        found, planned = reading(command_lists.reversed_list, number)
    if as_json:
        click.echo(msgspec.json.encode(planned))
    else:
        _tell(planned, Path(found.file), settings().language, applied=applied, undone=True)


def _list(*, as_json: bool) -> None:
    """Say which lists can be undone."""
    import zoneinfo

    import msgspec

    from survey_service.cli.files import settings
    from survey_service.cli.service import reading
    from survey_service.errors.writing import NothingToUndoError
    from survey_service.i18n import describe, moment
    from survey_service.operations import command_lists

    chosen, found = settings(), reading(command_lists.recent)
    if as_json:
        told = [{"number": one.id, "file": one.file, "at": one.at} for one in found]
        click.echo(msgspec.json.encode(told))
        return
    if not found:
        click.echo(describe(NothingToUndoError(), chosen.language))
    zone = zoneinfo.ZoneInfo(chosen.time_zone)
    for one in found:
        click.echo(f"{one.id}  {moment(one.at.astimezone(zone), chosen.language)}  {one.file}")


def _tell(planned: Plan, file: Path, language: str, *, applied: bool, undone: bool = False) -> None:
    from survey_service.i18n import translate
    from survey_service.reports.organisation_lists import fields, misfit_words, similar_words

    for misfit in planned.misfits:
        words = misfit_words(misfit, language)
        click.echo(f"{file}:{misfit.line}: {words}", err=True)
    for one in planned.similar:
        click.echo(f"{file}:{one.line}: {similar_words(one, language)}", err=True)
    for change in planned.changes:
        after, place = change.after, change.after.parent or "-"
        click.echo(f"{'~' if change.before else '+'} {after.name} ({after.kind}) < {place}")
        for what, was, will_be in fields(change, language) if change.before else ():
            click.echo(f"    {what}: {was} → {will_be}")
    count = len(planned.changes)
    if applied and undone:
        click.echo(translate("{count} organisations changed back", language, count=count))
    elif applied:
        click.echo(translate("{count} organisations imported", language, count=count))
    else:
        words = translate(
            "{count} organisations would change; --apply does it", language, count=count
        )
        click.echo(words)
