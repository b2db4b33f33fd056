"""The fill-in page: one part of the questionnaire, every answer a form that saves itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct, structs

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Response as Saved
from survey_service.conduct.assessment import reasoned
from survey_service.conduct.evidence import ENDINGS
from survey_service.errors import NotFoundError, SurveyError
from survey_service.errors.accounts import SignInRequiredError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.maturity.answers import NOTHING
from survey_service.maturity.next_grade import next_grade
from survey_service.maturity.tree import Indicator, Node
from survey_service.operations import assessments, filling, responses
from survey_service.operations.assessments import Sheet
from survey_service.operations.filling import Filling
from survey_service.operations.preconditions import tag
from survey_service.reports.answers import Said, said
from survey_service.store.database import Writer
from survey_service.web import bodies, problems
from survey_service.web.access import ASKS, acting
from survey_service.web.api.evidence import limits
from survey_service.web.context import Context
from survey_service.web.pages.forms import Form, Sent, form, refused
from survey_service.web.pages.master_data import offer_values

_PART = "/assessments/{assessment_id:int}/parts/{code:str}"
Acted = Mapping[str, Mapping[str, str]]
"""By indicator: what was done beside its answer (`open`), a `problem`, and what was typed for it."""

_ENDINGS = ",".join(ending for each in ENDINGS.values() for ending in each)
_NOTHING: Acted = MappingProxyType({})


class Place(Struct, frozen=True):
    """A part, or one indicator of it: what is shown of it, and where one comes from and goes next."""

    code: str
    node: Node
    shown: list[Indicator]
    earlier: Node | Indicator | None
    later: Node | Indicator | None


class Seen(Struct, frozen=True):
    """What a page shows: revisions of answers by indicator, and tags of what lies beside them.

    `pulse` is the one that the page was made at, "" to be told everything.
    """

    pulse: bodies.Line = ""
    revision: dict[str, int] = {}
    annotations: dict[str, str] = {}


@get(_PART, opt=acting("read"), include_in_schema=False)
async def part(
    context: NamedDependency[Context], assessment_id: FromPath[int], code: FromPath[str]
) -> Response[str]:
    """Show the indicators of one node, or one indicator alone, to be answered."""
    return await filling_page(context, assessment_id, code)


@post(_PART + "/presence", opt=acting("read"), include_in_schema=False, status_code=200)
async def presence(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    code: FromPath[str],
) -> Response[str]:
    """Say that one is at a part, and get what changed there since; nothing where nothing did."""
    seen = await bodies.form(request, Seen)
    if await context.read(filling.must_sign, assessment_id, code):
        await context.write(filling.sign, assessment_id, code)
    if await context.read(filling.pulse, assessment_id) == seen.pulse:
        return Response("", status_code=204)
    found = await context.read(filling.load, assessment_id)
    place = _place(found.sheet, code)
    answered = [one.code for one in place.shown if _moved(found.sheet, one, seen)]
    changed = [one.code for one in place.shown if _changed(found, one, seen)]
    return context.page(
        "assessments/live.html",
        status=200,
        answered=answered,
        annotations=changed,
        **_values(context, found, place),
    )


@post(
    "/assessments/{assessment_id:int}/responses/{indicator:str}", opt=ASKS, include_in_schema=False
)
async def save(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
) -> Response[Any]:
    """Save one answer; a refusal shows why, and keeps what was typed."""
    sent = (await bodies.form(request, Sent)).as_chosen()
    refusal: SurveyError | None = None
    try:
        await context.write(_save, assessment_id, indicator, sent)
    except (NotFoundError, UnknownIndicatorError):
        raise
    except SignInRequiredError as error:
        return _kept(request, context, assessment_id, indicator, sent, error)
    except SurveyError as error:
        refusal = error
    sheet = await context.read(assessments.view, assessment_id)
    shown = form(sheet, sheet.questionnaire.indicators[indicator], context.language)
    if refusal is not None:
        shown = refused(sheet, shown, sent, refusal, context.language)
    return await _answer(request, context, sheet, shown, refusal.status if refusal else 200)


def _save(tx: Writer, actor: Actor, assessment_id: int, indicator: str, sent: Sent) -> Saved:
    """Save what the form means, which depends on what is asked; an emptied one takes back."""
    _, asked = responses.indicator(tx, actor, assessment_id, indicator)
    draft = sent.draft(asked)
    empty = not draft.answer.given and draft.answer.units is None
    if empty and responses.response(tx, actor, assessment_id, indicator) is not None:
        draft = structs.replace(draft, answer=NOTHING, taken_back=True)
    return responses.save_response(tx, actor, assessment_id, indicator, draft)


async def _answer(
    request: Request[Any, Any, Any], context: Context, sheet: Sheet, shown: Form, status: int
) -> Response[Any]:
    """Return how one form stands: to script the form's status, else the page it is on."""
    if "hx-request" in request.headers:
        return context.page(
            "assessments/saved.html",
            status=status,
            form=shown,
            others=_conditional(sheet, shown, context.language),
            **_common(sheet),
        )
    code = shown.indicator.code
    if status == 200:  # noqa: PLR2004 - saved: the page itself, at the answer
        return back(sheet, code)
    return await filling_page(context, sheet.assessment.id, code, refusal=shown, status=status)


def back(sheet: Sheet, code: str) -> Redirect:
    """Return the way back to an answer on the page of its part."""
    node = sheet.questionnaire.parents[code]
    path = f"/assessments/{sheet.assessment.id}/parts/{node.code}#{code}"
    return Redirect(path, status_code=303)


def _kept(
    request: Request[Any, Any, Any],
    context: Context,
    assessment_id: int,
    indicator: str,
    sent: Sent,
    error: SignInRequiredError,
) -> Response[Any]:
    """Return what a person typed whose session has ended meanwhile."""
    if "hx-request" in request.headers:
        return problems.error_fragment(context, error)
    return context.page(
        "assessments/kept.html",
        status=error.status,
        sent=sent,
        indicator=indicator,
        assessment_id=assessment_id,
    )


async def filling_page(
    context: Context,
    assessment_id: int,
    code: str,
    *,
    refusal: Form | None = None,
    acted: Acted = _NOTHING,
    status: int = 200,
) -> Response[str]:
    """Return the page of a part, or of an indicator's part where something on it was refused.

    Args:
        context: Whose page it is.
        assessment_id: Of which assessment.
        code: A node that has indicators, or an indicator.
        refusal: The form that was refused, with what was typed.
        acted: What was done beside an answer, and how that went.
        status: Of the answer.
    """
    found = await context.read(filling.load, assessment_id)
    if refusal is not None or acted:
        code = found.sheet.questionnaire.parents[code].code
    place = _place(found.sheet, code)
    return filled_in(context, found, place, refusal=refusal, acted=acted, status=status)


def filled_in(
    context: Context,
    found: Filling,
    place: Place,
    *,
    refusal: Form | None = None,
    acted: Acted = _NOTHING,
    status: int = 200,
) -> Response[str]:
    """Return the page of a place in what was found; see `filling_page`."""
    values = _values(context, found, place, refusal=refusal, acted=acted)
    return context.page("assessments/part.html", status=status, **values)


def annotations_fragment(
    context: Context, found: Filling, code: str, acted: Acted, status: int
) -> Response[str]:
    """Return what lies beside one answer, for script to put in its place."""
    indicator = found.sheet.questionnaire.indicators[code]
    values = _values(context, found, _place(found.sheet, code), acted=acted)
    return context.page(
        "assessments/annotations.html", status=status, indicator=indicator, **values
    )


def _place(sheet: Sheet, code: str) -> Place:
    """Return where one is in a questionnaire, by the code of a part or of an indicator alone.

    Raises:
        NotFoundError: There is no such part that has indicators.
    """
    questionnaire = sheet.questionnaire
    single = questionnaire.indicators.get(code)
    node = questionnaire.parents[code] if single else questionnaire.all_nodes.get(code)
    if node is None or not node.indicators:
        raise NotFoundError(node=code)
    parts = [each for each in questionnaire.all_nodes.values() if each.indicators]
    places: list[Node | Indicator] = list(questionnaire.indicators.values()) if single else [*parts]
    at = places.index(single or node)
    shown = [single] if single else list(node.indicators)
    following = places[at + 1] if at + 1 < len(places) else None
    return Place(code, node, shown, places[at - 1] if at else None, following)


def _values(
    context: Context,
    found: Filling,
    place: Place,
    *,
    refusal: Form | None = None,
    acted: Acted = _NOTHING,
) -> dict[str, Any]:
    """Return what the templates of the fill-in page show."""
    sheet = found.sheet
    refused_code = refusal.indicator.code if refusal else ""
    return {
        "node": place.node,
        "place": place.code,
        "single": place.code != place.node.code,
        "filling": found,
        "forms": [
            refusal if refusal and one.code == refused_code else form(sheet, one, context.language)
            for one in place.shown
        ],
        "before_words": {
            code: said(one.questionnaire, one.indicator, one.answer, context.language)
            for code, one in found.before.items()
        },
        "course": {one.code: judged(context, sheet, one) for one in place.shown},
        "most": limits(context).space,
        "endings": _ENDINGS,
        "tags": {one.code: tag(found.annotations[one.code]) for one in place.shown},
        "acted": acted,
        "here": place.node.code,
        "earlier": place.earlier,
        "later": place.later,
        "assessment": sheet.assessment,
        **offer_values(context, found.offer, sheet.questionnaire),
        **_common(sheet),
    }


def judged(context: Context, sheet: Sheet, indicator: Indicator) -> list[tuple[Said, Saved]]:
    """Return what later stages made of an answer, as far as the reader sees it, in words."""
    given = {
        stage: by_code[indicator.code]
        for stage, by_code in sheet.readable.items()
        if indicator.code in by_code
    }
    return [
        (said(sheet.questionnaire, indicator, one.answer, context.language), one)
        for one in reasoned(given)
        if one.stage != "self"
    ]


def _moved(sheet: Sheet, indicator: Indicator, seen: Seen) -> bool:
    """Whether an answer is another one than a page shows."""
    saved = sheet.responses.get(indicator.code)
    now = saved.revision if saved else 0
    return seen.revision.get(indicator.code, now) != now


def _changed(found: Filling, indicator: Indicator, seen: Seen) -> bool:
    """Whether something else lies beside an answer than a page shows."""
    now = tag(found.annotations[indicator.code])
    return seen.annotations.get(indicator.code, now) != now


def _conditional(sheet: Sheet, shown: Form, language: str) -> list[Form]:
    """Return the forms on the same page that an answer may have opened or closed."""
    node = sheet.questionnaire.parents[shown.indicator.code]
    return [form(sheet, one, language) for one in node.indicators if one.when is not None]


def _common(sheet: Sheet) -> dict[str, object]:
    card = sheet.running
    return {
        "sheet": sheet,
        "card": card,
        "next": next_grade(sheet.questionnaire, card),
        "questionnaire": sheet.questionnaire,
    }
