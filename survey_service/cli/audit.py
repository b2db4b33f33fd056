"""`survey-service audit`: is the record of what happened whole, and how anybody else can tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_service.conduct.replay import Difference
    from survey_service.conduct.trail import Break
    from survey_service.operations.sealing import Sealer


@click.group()
def audit() -> None:
    """Check the audit trail, print its signed head, and prove what is in it."""


@audit.command()
@click.option(
    "--checkpoint",
    "kept",
    multiple=True,
    metavar="FILE",
    help="A head kept earlier, from `audit checkpoint`; may be given several times.",
)
@click.option("--deep", is_flag=True, help="Does the trail account for what stands in the tables?")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify(kept: tuple[str, ...], *, deep: bool, as_json: bool) -> None:
    """Say whether any entry was changed, removed or put in between; exit code 1 if so."""
    import msgspec

    from survey_service.cli.files import settings

    found = [*_breaks(kept), *(_differences() if deep else ())]
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        _tell(found, settings().language, deep=deep)
    if found:
        raise SystemExit(1)


@audit.command()
def checkpoint() -> None:
    """Print the signed head: keep it where nobody here can change it, or have it countersigned."""
    from survey_service.cli.service import reading
    from survey_service.operations.log import checkpoint as head

    click.echo(reading(head, _keyed()), nl=False)


@audit.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def prove(number: int, *, as_json: bool) -> None:
    """Print the proof that entry NUMBER is in the log, for anybody to check without this service."""
    import msgspec

    from survey_service.cli.service import reading
    from survey_service.operations.log import prove as proof

    found = reading(proof, number, _keyed())
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        click.echo(found.text, nl=False)


@audit.command()
def key() -> None:
    """Print the public half of the key that signs heads: whoever checks them needs it beforehand."""
    from survey_service.cli.service import reading
    from survey_service.operations.log import key as public

    _keyed()
    click.echo(reading(public).line)


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def attempts(*, as_json: bool) -> None:
    """List how often, and from where, sign-ins failed or links were asked for by nobody signed in."""
    import msgspec

    from survey_service.cli.service import reading
    from survey_service.store.attempts import tallies

    found = reading(tallies)
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for one in found:
        click.echo(f"{one.day}  {one.count:7}  {one.action:18}  {one.address}")


def _breaks(kept: tuple[str, ...]) -> list[Break]:
    from survey_service.cli.service import reading
    from survey_service.operations.log import verify as check

    return reading(check, {path: _content(path) for path in kept})


def _differences() -> list[Difference]:
    from survey_service.cli.service import reading
    from survey_service.operations.replay import unaccounted

    return reading(unaccounted)


def _tell(found: list[Break | Difference], language: str, *, deep: bool) -> None:
    from survey_service.i18n import translate

    for one in found:
        about = getattr(one, "about", "")
        words = translate(f"break.{one.reason}", language, number=one.number or "-", about=about)
        click.echo(words, err=True)
    if not found:
        click.echo(translate("break.none_deep" if deep else "break.none", language))


def _content(path: str) -> str:
    from survey_service.errors.installation import InvalidCheckpointError
    from survey_service.library.documents import content_of

    try:
        return content_of(Path(path)).decode()
    except UnicodeDecodeError as error:
        raise InvalidCheckpointError(file=path) from error


def _keyed() -> Sealer:
    """Return what opens the log's key, which is made now where there is none."""
    from survey_service.cli.files import settings
    from survey_service.cli.service import with_store
    from survey_service.operations.log import require_key
    from survey_service.operations.sealing import sealer_of
    from survey_service.operations.secrets import take_over

    chosen = settings()
    sealer = sealer_of(chosen)
    with_store(lambda db: take_over(db, chosen))
    with_store(lambda db: require_key(db, sealer, chosen.address))
    return sealer
