"""`survey-service workbook`: answers as a workbook, and back; needs no database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from survey_service.cli import files

if TYPE_CHECKING:
    from survey_service.conduct.responses import Respondent, Responses
    from survey_service.conduct.workbooks import Book
    from survey_service.errors import SurveyError
    from survey_service.maturity.answers import Answer
    from survey_service.maturity.instrument import Questionnaire
    from survey_service.reports.workbook_looks import Exported


@click.group()
def workbook() -> None:
    """Write answers as a workbook to work in, and read it back."""


@workbook.command()
@click.argument("questionnaire_")
@click.argument("responses_", required=False, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(["id", "en"]), help="The workbook's language.")
@click.option("--kind", default="", help="The kind of organisation, where RESPONSES tells none.")
def write(
    questionnaire_: str, responses_: Path | None, output: Path, lang: str | None, kind: str
) -> None:
    """Write QUESTIONNAIRE, filled in with RESPONSES, as a workbook with a live index."""
    from survey_service.conduct.responses import Respondent, Responses
    from survey_service.reports.workbooks import workbook

    language = lang or files.settings().language
    if responses_ is None:
        instrument, digest = files.load_questionnaire(questionnaire_)
        given = Responses(instrument.reference, {}, Respondent(kind=kind))
    else:
        instrument, digest, given = files.load(questionnaire_, responses_)
    output.write_bytes(workbook(_exported(instrument, digest, given, language)))
    click.echo(output)


def _exported(instrument: Questionnaire, digest: str, given: Responses, language: str) -> Exported:
    import msgspec
    from msgspec import structs

    from survey_service.conduct.workbooks import FORMAT, Identity, Version
    from survey_service.reports.workbook_looks import Exported

    rest = msgspec.json.encode(structs.replace(given, responses={})).decode()
    who = given.organisation
    identity = Identity(
        FORMAT, given.questionnaire, digest, language, who.kind, who.name, rest=rest
    )
    shown = {code: Version(answer) for code, answer in given.responses.items()}
    return Exported(instrument.for_kind(who.kind), identity, who.profile, shown)


@workbook.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--questionnaire", "questionnaire_", help="A path, where it is none of the library.")
@click.option(
    "--numbers",
    type=click.Choice(["whole", "part"]),
    help="What 1.850 is where both fit: a whole number, or one with three decimals.",
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="What reads an old sheet, which this service did not write.",
)
@click.option("--kind", default="", help="The kind of organisation that filled in an old sheet.")
@click.option("--organisation", default="", help="Its name.")
def read(
    file: Path,
    output: Path,
    questionnaire_: str | None,
    numbers: Literal["whole", "part"] | None,
    mapping: Path | None,
    kind: str,
    organisation: str,
) -> None:
    """Read the answers in the workbook FILE, and write them as RESPONSES."""
    import msgspec

    from survey_service.conduct.responses import Respondent
    from survey_service.conduct.workbooks import answered, require_answers
    from survey_service.library import answer_workbooks, documents

    content = documents.content_of(file, answer_workbooks.LARGEST)
    if mapping is None:
        book = answer_workbooks.load(content, str(file))
        instrument, digest = files.load_questionnaire(questionnaire_ or book.identity.questionnaire)
        require_answers(book, instrument.reference, digest)
    else:
        who = Respondent(organisation, kind)
        book, instrument = _mapped(content, file, mapping, questionnaire_, who)
    asked = instrument.for_kind(book.identity.kind)
    answers, misfits = answered(asked, book, numbers)
    _tell(book)
    for one in misfits:
        place, row = one.place
        at = f"{row} ({one.cell})" if one.cell else str(row)
        click.echo(f"{file}: {place}, {at}: {one.indicator}: {_words(one.error)}", err=True)
    if misfits:
        raise SystemExit(1)
    found = _responses(book, answers)
    output.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    click.echo(output)


def _mapped(
    content: bytes, file: Path, mapping_: Path, questionnaire_: str | None, who: Respondent
) -> tuple[Book, Questionnaire]:
    """Return what an old sheet answers by a mapping, and to which questionnaire."""
    from survey_service.conduct.workbooks import FORMAT, Identity
    from survey_service.library import documents, mapped_workbooks

    document = documents.read_file(mapping_)
    mapping = mapped_workbooks.load(document)
    instrument, digest = files.load_questionnaire(questionnaire_ or mapping.questionnaire)
    mapping = mapped_workbooks.load(document, instrument)
    language = files.settings().language
    named = (instrument.reference, digest, language, who.kind, who.name)
    identity = Identity(FORMAT, *named, mapping=mapping.name)
    asked = instrument.for_kind(who.kind)
    return mapped_workbooks.read(content, str(file), mapping, identity, asked), instrument


def _words(error: SurveyError) -> str:
    from survey_service.i18n import describe

    return describe(error, files.settings().language)


def _tell(book: Book) -> None:
    """Say on standard error what of a workbook was left out."""
    from survey_service.conduct.workbook_links import typed
    from survey_service.i18n import translate

    language = files.settings().language
    for one in book.strays:
        said = translate("This row belongs to no indicator and is left out.", language)
        if not one.row:
            said = translate("nothing of this sheet is read", language)
        place = f"{one.sheet}, {one.row}" if one.row else one.sheet
        click.echo(f"{book.file}: {place}: {said} {one.text}".rstrip(), err=True)
    for code, line in typed(book):
        said = translate(
            "A file of responses has no evidence; bring the workbook back to the service to attach: {link}",
            language,
            link=line,
        )
        click.echo(f"{book.file}: {code}: {said}", err=True)
    if book.missing:
        codes = ", ".join(book.missing)
        said = translate(
            "The rows of {codes} are gone; their answers are as they were exported.",
            language,
            codes=codes,
        )
        if book.identity.mapping:
            said = translate("Nothing was found for: {codes}", language, codes=codes)
        click.echo(f"{book.file}: {said}", err=True)
    if book.twice:
        said = translate(
            "{codes} have two rows that differ; their answers are as they were exported.",
            language,
            codes=", ".join(book.twice),
        )
        click.echo(f"{book.file}: {said}", err=True)


def _responses(book: Book, answers: dict[str, Answer]) -> Responses:
    """Return the answers as a file of responses, with what else the one said that was written."""
    import msgspec
    from msgspec import structs

    from survey_service.conduct.responses import Respondent, Responses

    identity = book.identity
    if not identity.rest:
        who = Respondent(identity.organisation, identity.kind)
        return Responses(identity.questionnaire, answers, who)
    return structs.replace(msgspec.json.decode(identity.rest, type=Responses), responses=answers)
