"""`survey-service release` and `check-release`: open data of a cycle, and whether it recomputes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_service.analysis.releases import Release, Remembered
    from survey_service.conduct.checkpoints import PublicKey
    from survey_service.operations.command_releases import Found, Written

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
@click.option(
    "--report/--no-report",
    default=True,
    show_default=True,
    help="With the national report in each language, signed and in the log; without, nothing is recorded.",
)
def release(cycle: str, output: Path, told: Path | None, *, named: bool, report: bool) -> None:
    """Write the final results of CYCLE, its name or number, as open data with the national report."""
    from msgspec import structs

    from survey_service.cli.files import settings
    from survey_service.cli.service import reading
    from survey_service.errors.releases import FolderTakenError
    from survey_service.operations import command_releases

    if output.exists() and any(output.iterdir()):
        raise FolderTakenError(folder=str(output))
    earlier = [] if told is None else _earlier(told)
    found, remembered = reading(
        command_releases.found,
        cycle,
        named=named,
        earlier=earlier,
        fewest=settings().smallest_group,
    )
    licensed = structs.replace(found.release, licence=settings().release_licence)
    found = structs.replace(found, release=licensed)
    written = _reported(found) if report else command_releases.bare(found)
    if told is not None:  # first: what is out and not remembered could be subtracted from the next
        new = [one for one in remembered if one not in earlier]
        _remember(told, [*earlier, *new])
    output.mkdir(parents=True, exist_ok=True)
    for name, content in written.files.items():
        (output / name).write_bytes(content)
    _tell(found.release, output, written.code)


def _reported(found: Found) -> Written:
    """Return a release with its report, which is in the log from now on."""
    from survey_service.cli.files import settings
    from survey_service.cli.service import with_store
    from survey_service.operations.command_releases import reported
    from survey_service.reports.rendering import renderer

    chosen = settings()
    making = renderer(chosen)
    try:
        return with_store(lambda db: reported(db, making, chosen, found))
    finally:
        making.close()


@click.command("check-release")
@click.argument("path", type=click.Path(exists=True, path_type=Path), metavar="PATH")
@click.option(
    "--before",
    type=click.Path(exists=True, path_type=Path),
    help="The release that it corrects: is what it says of the differences so?",
)
@click.option("--key", help="The log's public key, as `audit key` prints it; or a file with it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check_release(path: Path, before: Path | None, key: str | None, *, as_json: bool) -> None:
    """Recompute every figure of a release in PATH, a folder or ZIP, and name what differs; needs no database."""
    import msgspec

    from survey_service.cli.files import settings
    from survey_service.i18n import translate
    from survey_service.operations.release_checks import check

    found = check(path, before, None if key is None else _key(key))
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
            if found.signed:
                signed = "release.signed" if key is None else "release.signed_by_it"
                click.echo(translate(signed, language, name=found.signed))
    if found.differences:
        raise SystemExit(1)


def _key(key: str) -> PublicKey:
    from survey_service.cli.verify import key_content
    from survey_service.conduct.checkpoints import key_in
    from survey_service.errors.papers import InvalidKeyError
    from survey_service.operations.verifying import known_key

    found = key_in(known_key(key_content(key), key))
    if found is None:
        raise InvalidKeyError(file=key)
    return found


def _earlier(told: Path) -> list[Remembered]:
    import msgspec

    from survey_service.analysis.releases import Remembered
    from survey_service.errors.releases import NoReleaseError

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


def _tell(found: Release, output: Path, code: str) -> None:
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
    if code:
        click.echo(translate("release.issued", settings().language, code=code))
