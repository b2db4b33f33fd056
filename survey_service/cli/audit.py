"""`survey-service audit`: is the record of what happened whole?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_service.conduct.trail import Head


@click.group()
def audit() -> None:
    """Check the audit trail, and export its end."""


@audit.command()
@click.option(
    "--head", "kept", metavar="NUMBER:DIGEST", help="A head exported earlier by `audit head`."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify(kept: str | None, *, as_json: bool) -> None:
    """Say whether any entry was changed, removed or put in between; exit code 1 if so."""
    import msgspec

    from survey_service.cli.files import settings
    from survey_service.cli.service import reading
    from survey_service.i18n import translate
    from survey_service.operations.audit import verify as check

    found = reading(check, _head(kept))
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        language = settings().language
        for one in found:
            click.echo(translate(f"break.{one.reason}", language, number=one.number), err=True)
        if not found:
            click.echo(translate("break.none", language))
    if found:
        raise SystemExit(1)


@audit.command()
def head() -> None:
    """Print the trail's end, NUMBER:DIGEST: sign it and keep it where nobody here can change it."""
    from survey_service.cli.service import reading
    from survey_service.store.audit import head as newest

    found = reading(newest)
    click.echo(str(found))


def _head(written: str | None) -> Head | None:
    from survey_service.conduct.trail import Head

    if written is None:
        return None
    try:
        return Head.parsed(written)
    except ValueError:
        raise click.BadParameter("NUMBER:DIGEST") from None
