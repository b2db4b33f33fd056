"""`survey-service backup` and `restore`: a copy of everything, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.files import settings

if TYPE_CHECKING:
    from survey_service.settings import Settings


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
def backup(archive: Path) -> None:
    """Write database and files into ARCHIVE, while the service runs or not."""
    import asyncio

    from survey_service.i18n import translate
    from survey_service.operations.backup import save

    chosen = settings()
    asyncio.run(save(chosen.database, _folder(chosen), archive))
    click.echo(archive)
    if _folder(chosen) is None:
        words = translate(
            "The files lie in {place}; keep a copy of them there.",
            chosen.language,
            place=chosen.files,
        )
        click.echo(words)


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
def restore(archive: Path) -> None:
    """Bring database and files back from ARCHIVE, where there is no database yet."""
    import asyncio

    from survey_service.i18n import translate
    from survey_service.operations.backup import restore as bring_back
    from survey_service.store.database import is_postgresql

    chosen = settings()
    said = chosen.language
    done = asyncio.run(bring_back(archive, chosen.database, _folder(chosen)))
    for left in done.cleared:
        click.echo(
            translate("Removed what was left of a database that is gone: {place}", said, place=left)
        )
    if done.before != done.after:
        click.echo(
            translate(
                "Brought up to date, from revision {before} to {after}.",
                said,
                before=done.before,
                after=done.after,
            )
        )
    if done.missing:
        click.echo(
            translate(
                "{count} files of evidence were not in it: survey-service doctor names them.",
                said,
                count=done.missing,
            )
        )
    click.echo("PostgreSQL" if is_postgresql(chosen.database) else chosen.database)


def _folder(chosen: Settings) -> Path | None:
    """Return the folder of files; None where they lie in S3, which is backed up over there."""
    return None if chosen.files.startswith("s3://") else Path(chosen.files)
