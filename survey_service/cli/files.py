"""Commands that work on files alone: questionnaires, scores, reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from survey_service.errors import DocumentError, SurveyError
from survey_service.errors.questionnaires import CheckFailedError

if TYPE_CHECKING:
    from survey_service.conduct.responses import Responses
    from survey_service.library.questionnaires import Located
    from survey_service.maturity.instrument import Questionnaire
    from survey_service.reports.assessment import Report
    from survey_service.reports.record import Judged
    from survey_service.settings import Settings


def settings() -> Settings:
    """Return what the environment chooses."""
    from survey_service.settings import from_environment

    return from_environment()


def complain(error: SurveyError) -> None:
    """Say on standard error what is wrong, in the language of the settings, with every finding."""
    from survey_service.i18n import describe
    from survey_service.settings import Settings, from_environment

    try:
        language = from_environment().language
    except SurveyError:
        language = Settings().language
    if isinstance(error, CheckFailedError):
        found = error.details["findings"]
        for located in found if isinstance(found, list) else []:
            click.echo(_line(located, language), err=True)
    click.echo(describe(error, language), err=True)


@click.group()
def questionnaire() -> None:
    """List, check and publish questionnaires."""


@questionnaire.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(*, as_json: bool) -> None:
    """List the questionnaires of the library."""
    import msgspec

    from survey_service.library import documents, questionnaires

    chosen = settings()
    listed = []
    for path in questionnaires.files(chosen.questionnaires):
        each = questionnaires.load(documents.read_file(path))
        digest = questionnaires.digest(path.read_bytes())
        listed.append({"questionnaire": each.reference, "name": each.name, "digest": digest})
        if not as_json:
            name, count = each.name.in_(chosen.language), len(each.indicators)
            click.echo(f"{each.reference:24} {count:4}  {name}")
    if as_json:
        click.echo(msgspec.json.encode(listed))


@questionnaire.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(paths: tuple[str, ...], *, as_json: bool) -> None:
    """Say what is wrong in questionnaire files, each with file, line and key."""
    import msgspec

    from survey_service.library import documents, questionnaires

    chosen = settings()
    failed, located = False, []
    for path in paths:
        try:
            document = documents.read_file(Path(path))
            beside = Path(path).resolve().parent.parent
            earlier = questionnaires.in_library(beside, chosen.questionnaires)
            found = questionnaires.findings(document, earlier)
        except DocumentError as error:
            found = [questionnaires.refusal(error)]
        except SurveyError as error:
            complain(error)
            failed = True
            continue
        located += found
        failed = failed or any(one.finding.severity == "error" for one in found)
        if not as_json:
            _tell(path, found, chosen.language)
    if as_json:
        click.echo(msgspec.json.encode(located))
    if failed:
        raise SystemExit(1)


@questionnaire.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def diff(old: str, new: str, *, as_json: bool) -> None:
    """Tell what changed from OLD to NEW, and how much of the index stays comparable."""
    import msgspec

    from survey_service.library import documents, questionnaires
    from survey_service.maturity.revision import compare
    from survey_service.reports.versions import differences

    chosen = settings()
    versions = [
        questionnaires.load(documents.read_file(questionnaires.find(one, chosen.questionnaires)))
        for one in (old, new)
    ]
    comparison = compare(*versions)
    if as_json:
        click.echo(msgspec.json.encode(comparison))
    else:
        old_, new_ = versions
        for line in differences(old_, new_, comparison, chosen.language):
            click.echo(line)


@questionnaire.command()
def schema() -> None:
    """Print the JSON Schema with which an editor completes and checks a questionnaire."""
    from survey_service.library import questionnaires

    click.echo(questionnaires.schema())


@questionnaire.command("workbook")
@click.argument("questionnaire_")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def as_workbook(questionnaire_: str, output: Path) -> None:
    """Write QUESTIONNAIRE as a workbook: one row an indicator, levels in columns."""
    from survey_service.library import documents, questionnaire_books, questionnaires
    from survey_service.reports.questionnaire_workbook import workbook

    path = questionnaires.find(questionnaire_, settings().questionnaires)
    document = documents.read_file(path)
    output.write_bytes(workbook(questionnaire_books.tables(document), path.stem))
    click.echo(output)


@questionnaire.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def from_workbook(file: Path, output: Path) -> None:
    """Read the questionnaire in the workbook FILE, write it as YAML, and say what is wrong in it."""
    from survey_service.library import answer_workbooks, documents, questionnaire_books

    content = documents.content_of(file, answer_workbooks.LARGEST)
    book = questionnaire_books.read(answer_workbooks.sheets(content, str(file)), str(file))
    found = questionnaire_books.findings(book)
    _tell(str(file), found, settings().language)
    output.write_bytes(book.content)
    click.echo(output)
    if any(one.finding.severity == "error" for one in found):
        raise SystemExit(1)


@click.command()
@click.argument("questionnaire_")
@click.argument("responses_")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(["id", "en"]), help="The report's language.")
@click.option("--paper", type=click.Choice(["report", "summary"]), default="report")
@click.option(
    "--template",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with templates of your own; see report_templates/README.md.",
)
def report(
    questionnaire_: str,
    responses_: str,
    output: Path,
    lang: str | None,
    paper: Literal["report", "summary"],
    template: Path | None,
) -> None:
    """Write the report on RESPONSES to QUESTIONNAIRE as a PDF; needs no database."""
    import asyncio

    from msgspec import structs

    from survey_service.reports.rendering import renderer

    chosen = settings()
    chosen = structs.replace(chosen, report_templates=template or chosen.report_templates)
    said = _report(questionnaire_, Path(responses_), chosen)
    making = renderer(chosen)
    try:
        output.write_bytes(
            asyncio.run(making.paper(said, lang or chosen.language, chosen.report_templates, paper))
        )
    finally:
        making.close()
    click.echo(output)


def _report(questionnaire_: str, responses_: Path, chosen: Settings) -> Report:
    import zoneinfo

    from survey_service import clock
    from survey_service.library import questionnaires
    from survey_service.reports import assessment

    instrument, digest, given = load(questionnaire_, responses_)
    path = questionnaires.find(questionnaire_, chosen.questionnaires)
    return assessment.Report(
        questionnaire=instrument,
        digest=digest,
        organisation=given.organisation.name,
        answers=given.at("final"),
        profile=given.organisation.profile,
        notes={},
        at=clock.now().astimezone(zoneinfo.ZoneInfo(chosen.time_zone)),
        stages=_stages(instrument, given),
        source=path.read_bytes().decode(),
    )


def _stages(instrument: Questionnaire, given: Responses) -> tuple[Judged, ...]:
    """Return what each stage that the file knows makes of the answers."""
    from survey_service.conduct.life import STAGES
    from survey_service.maturity.scoring import score
    from survey_service.reports.record import Judged

    asked, profile = (
        instrument.for_kind(given.organisation.profile.kind),
        given.organisation.profile,
    )
    found = []
    for stage in STAGES if given.stages else ():
        if stage == "self" or stage in given.stages:
            answers = given.at(stage)
            found.append(
                Judged(stage, score(asked, answers, official=True, profile=profile), answers)
            )
    return tuple(found)


def load(reference: str, responses: Path) -> tuple[Questionnaire, str, Responses]:
    """Return a questionnaire, its digest, and the responses to it in a file."""
    from survey_service.library import documents
    from survey_service.library import responses as library

    instrument, digest = load_questionnaire(reference)
    return instrument, digest, library.load(documents.read_file(responses), instrument)


def load_questionnaire(reference: str) -> tuple[Questionnaire, str]:
    """Return the questionnaire that a path or `code@version` means, and its digest."""
    from survey_service.library import documents, questionnaires

    path = questionnaires.find(reference, settings().questionnaires)
    return questionnaires.load(documents.read_file(path)), questionnaires.digest(path.read_bytes())


def _tell(path: str, found: list[Located], language: str) -> None:
    for one in found:
        click.echo(_line(one, language), err=one.finding.severity == "error")
    if not found:
        click.echo(f"{path}: ok")


def _line(located: Located, language: str) -> str:
    from survey_service.reports.versions import found

    return f"{located.file}:{located.line}: {located.key}: {found(located.finding, language)}"
