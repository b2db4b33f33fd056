"""Questionnaires made for paper: a blank form of one, and an assessment as it is filled in."""

from collections.abc import Callable, Iterator

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.assessment import Response as Saved
from survey_service.conduct.evidence import Evidence
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator, Node
from survey_service.operations import printing, questionnaires
from survey_service.operations.assessments import Sheet
from survey_service.operations.printing import Filled
from survey_service.reports.answers import Said, said
from survey_service.web.access import SIGNED_IN, acting
from survey_service.web.context import Context
from survey_service.web.pages.forms import Form, blank_form, form
from survey_service.web.pages.responses import judged


class Question(Struct, frozen=True):
    """An indicator on paper: its form, what later stages made of the answer, and its evidence.

    `lacking` says what there is instead of an answer that counts; nothing on a blank form.
    """

    form: Form
    lacking: tuple[str, ...] = ()
    judged: list[tuple[Said, Saved]] = []
    evidence: list[Evidence] = []


class Part(Struct, frozen=True):
    """A node with its questions, and the nodes `above` that begin with it."""

    above: list[Node]
    node: Node
    questions: list[Question]


@get("/questionnaires/{code:str}/{version:str}/print", opt=SIGNED_IN, include_in_schema=False)
async def blank(
    context: NamedDependency[Context], code: FromPath[str], version: FromPath[str]
) -> Response[str]:
    """Show a published questionnaire as a form to be filled in by hand."""
    _, questionnaire = await context.read(questionnaires.view, code, version)
    parts = _parts(questionnaire, lambda one: Question(blank_form(questionnaire, one)))
    return _page(context, "questionnaires/print.html", questionnaire, parts, None)


@get("/assessments/{assessment_id:int}/print", opt=acting("read"), include_in_schema=False)
async def filled_in(
    context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[str]:
    """Show an assessment whole: everything asked, with what was chosen, noted and attached."""
    found = await context.read(printing.load, assessment_id)
    sheet = found.sheet
    parts = _parts(sheet.questionnaire, lambda one: _question(context, found, one))
    return _page(context, "assessments/print.html", sheet.questionnaire, parts, sheet)


def _page(
    context: Context,
    template: str,
    questionnaire: Questionnaire,
    parts: Iterator[Part],
    sheet: Sheet | None,
) -> Response[str]:
    """Return the page; without a `sheet` it has room to write."""
    return context.page(
        template,
        questionnaire=questionnaire,
        parts=list(parts),
        kinds={one.code: one.name for one in questionnaire.kinds},
        sheet=sheet,
        now=clock.now(),
    )


def _parts(
    questionnaire: Questionnaire, question: Callable[[Indicator], Question]
) -> Iterator[Part]:
    above: list[Node] = []
    for node in questionnaire.all_nodes.values():
        if node.indicators:
            yield Part(above, node, [question(one) for one in node.indicators])
            above = []
        else:
            above.append(node)


def _question(context: Context, found: Filled, indicator: Indicator) -> Question:
    sheet, code = found.sheet, indicator.code
    return Question(
        form(sheet, indicator, context.language),
        _lacking(sheet, indicator, context.language),
        judged(context, sheet, indicator),
        found.evidence[code],
    )


def _lacking(sheet: Sheet, indicator: Indicator, language: str) -> tuple[str, ...]:
    saved = sheet.responses.get(indicator.code)
    if saved is not None and saved.counts:
        return ()
    told = said(sheet.questionnaire, indicator, saved.answer if saved else None, language)
    return told.meaning or (told.mark,)
