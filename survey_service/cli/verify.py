"""`survey-service verify`: is a file a report that proves itself; needs no database and no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_service.operations.verifying import Against
    from survey_service.reports.verdicts import Shown

_MARKS = {"holds": "✓", "open": "–", "fails": "✗"}  # noqa: RUF001 - a dash
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--key", help="The service's public key, from `audit key`; or a file with it, or a JWKS."
)
@click.option("--checkpoint", type=_FILE, help="A signed head of the log that you kept.")
@click.option("--consistency", type=_FILE, help="How the log grew between the two heads.")
@click.option("--seal-root", type=_FILE, help="Certificates, in PEM, that vouch for the seal.")
@click.option("--lang", type=click.Choice(["id", "en"]), help="The language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify(
    file: Path,
    key: str | None,
    checkpoint: Path | None,
    consistency: Path | None,
    seal_root: Path | None,
    lang: str | None,
    *,
    as_json: bool,
) -> None:
    """Say whether FILE, a paper or a ZIP of evidence, is whole, whose it is, and what its answers give.

    Ends with 0 only where nothing fails and the statement is signed with the key that is given.
    """
    import zoneinfo

    import msgspec

    from survey_service.cli.files import settings
    from survey_service.operations.verifying import verified
    from survey_service.reports.verdicts import shown

    chosen = settings()
    verdict = verified(file, _against(key, checkpoint, consistency, seal_root))
    found = shown(verdict, lang or chosen.language, zoneinfo.ZoneInfo(chosen.time_zone))
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        _tell(found, lang or chosen.language)
    if not found.proven:
        raise SystemExit(1)


def _against(
    key: str | None, checkpoint: Path | None, consistency: Path | None, seal_root: Path | None
) -> Against:
    from survey_service.library.documents import content_of
    from survey_service.operations.verifying import Against, growth_in, known_key, roots_in

    return Against(
        None if key is None else known_key(key_content(key), key),
        None if checkpoint is None else content_of(checkpoint).decode(errors="replace"),
        None if consistency is None else growth_in(content_of(consistency), str(consistency)),
        () if seal_root is None else roots_in(content_of(seal_root), str(seal_root)),
    )


def key_content(key: str) -> bytes:
    """Return a key as it was typed, or what the file of that name has."""
    from survey_service.library.documents import content_of

    typed = "+" in key and not Path(key).exists()  # NAME+ID+KEY, as `audit key` prints it
    return key.encode() if typed else content_of(Path(key))


def _tell(found: Shown, language: str) -> None:
    from survey_service.i18n import translate

    for number, one in enumerate(found.checks, start=1):
        click.echo(f"{number}. {one.called}")
        for each in one.found:
            click.echo(f"   {_MARKS[each.outcome]} {each.words}")
    click.echo(
        translate("proof.proven" if found.proven else "proof.unproven", language),
        err=not found.proven,
    )


@click.command("demo-certificate")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.p12")
def demo_certificate(file: Path) -> None:
    """Write a certificate to FILE to try out sealing with; it says of itself that it proves nothing."""
    from survey_service import clock
    from survey_service.reports.demo_certificates import demo_certificate as made

    file.touch(mode=0o600)
    file.write_bytes(made(clock.now()))
    click.echo(file)
