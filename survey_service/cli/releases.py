"""`survey-service release` and `check-release`: open data of a cycle, and whether it recomputes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_service.analysis.releases import Release, Remembered

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("cycle")
@click.option("-o", "--output", required=True, type=_FOLDER, help="A new folder, or an empty one.")
@click.option(
    "--named/--anonymous",
    default=True,
    show_default=True,
    help="With every organisation by name, or of groups alone.",
)
@click.option(
    "--told",
    type=_FILE,
    help="What releases before have told of groups: read, and added to. Not to be published.",
)
def release(cycle: str, output: Path, told: Path | None, *, named: bool) -> None:
    """Write the final results of CYCLE, its name or number, as open data."""
    from survey_service.cli.service import reading
    from survey_service.operations import releases
    from survey_service.release_errors import FolderTakenError
    from survey_service.reports.releases import files

    if output.exists() and any(output.iterdir()):
        raise FolderTakenError(folder=str(output))
    earlier = [] if told is None else _earlier(told)
    found, remembered = reading(releases.release, cycle, named=named, earlier=earlier)
    if told is not None:  # first: what is out and not remembered could be subtracted from the next
        new = [one for one in remembered if one not in earlier]
        _remember(told, [*earlier, *new])
    output.mkdir(parents=True, exist_ok=True)
    for name, content in files(found).items():
        (output / name).write_bytes(content)
    _tell(found, output)


@click.command("check-release")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check_release(folder: Path, *, as_json: bool) -> None:
    """Recompute every figure of a release in FOLDER, and name what differs; needs no database."""
    import msgspec

    from survey_service.cli.files import settings
    from survey_service.i18n import translate
    from survey_service.operations.release_checks import check

    found = check(folder)
    language = settings().language
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        for one in found.differences:
            about = {"file": one.file, "about": one.about, "stated": one.stated, "found": one.found}
            click.echo(translate("release.difference", language, **about), err=True)
        if not found.differences:
            whole = "release.recomputed" if found.named else "release.not_recomputed"
            counted = {"number": found.organisations, "figures": found.figures}
            click.echo(translate(whole, language, **counted))
    if found.differences:
        raise SystemExit(1)


def _earlier(told: Path) -> list[Remembered]:
    import msgspec

    from survey_service.analysis.releases import Remembered
    from survey_service.release_errors import NoReleaseError

    if not told.exists():
        return []
    try:
        return msgspec.json.decode(told.read_bytes(), type=list[Remembered])
    except msgspec.DecodeError as error:
        raise NoReleaseError(file=str(told), line=1) from error


def _remember(told: Path, known: list[Remembered]) -> None:
    """Replace what is remembered, all of it or nothing."""
    import msgspec

    beside = told.with_name(f"{told.name}.new")
    beside.write_bytes(msgspec.json.encode(known))
    beside.replace(told)


def _tell(found: Release, output: Path) -> None:
    from survey_service.cli.files import settings
    from survey_service.i18n import translate

    click.echo(
        translate(
            "release.written",
            settings().language,
            folder=str(output),
            number=found.count,
            figures=len(found.figures),
        )
    )
