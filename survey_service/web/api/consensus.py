"""Panels: evaluators who score an assessment alone before they agree on one score."""

from typing import Annotated, Any

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.analysis.agreement import Agreement
from survey_service.conduct.assessment import Draft
from survey_service.conduct.assessment import Response as Saved
from survey_service.conduct.consensus import IndependentScore, Panellist, Spread
from survey_service.operations import consensus
from survey_service.operations.consensus import Meeting
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import IfNoneMatch, IfRevision, Key, revision
from survey_service.web.api.lists import Id
from survey_service.web.api.openapi import taking
from survey_service.web.api.responses import Sent
from survey_service.web.context import Context

_PATH = "/assessments/{assessment_id:int}/panel"


class Naming(Struct, frozen=True, forbid_unknown_fields=True):
    """The evaluators who are to score alone, by their ids."""

    people: Annotated[tuple[Id, ...], Meta(max_length=100)]


class Settled(Struct, frozen=True):
    """The codes of the indicators whose score was set."""

    codes: list[str]


class Panel(Struct, frozen=True):
    """A panel: who is on it, what you scored yourself, and what you have left to score.

    Only once it has `met` it has what all of them scored: how that is spread, by whom, how far they
    agree, and the indicators whose one score is still to be set.
    """

    panel: list[Panellist]
    met: bool
    own: list[Saved]
    left: list[str]
    spreads: list[Spread]
    scores: list[IndependentScore]
    agreement: Agreement | None
    unsettled: list[str]


@get(_PATH, opt=acting("answer"), operation_id="readPanel")
async def read(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Panel:
    """Read who scores an assessment alone; what others scored only once all have handed in."""
    return _told((await context.read(consensus.meeting, assessment_id)).meeting)


@put(_PATH, opt=acting("answer"), operation_id="namePanel", operation_class=taking(Naming))
async def name(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
) -> Panel:
    """Let at least two evaluators score alone; naming anew changes who, or begins anew after they met."""
    wanted = await bodies.json(request, Naming)
    return _told(await context.write(consensus.name_panel, assessment_id, wanted.people))


@put(
    _PATH + "/scores/{indicator:str}",
    opt=acting("answer"),
    operation_id="scoreAlone",
    operation_class=taking(Sent),
)
async def score(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
    if_match: IfRevision = None,
    if_none_match: IfNoneMatch = None,
) -> Response[Saved]:
    """Save what you score, on the revision named in `If-Match`; nobody else sees it before all are in."""
    seen = revision(if_match, if_none_match)
    sent = await bodies.json(request, Sent)
    draft = Draft(sent.answer, sent.note, seen)
    saved = await context.write(consensus.score_alone, assessment_id, indicator, draft)
    return Response(saved, headers={"ETag": f'"{saved.revision}"'})


@post(_PATH + "/handing-in", opt=acting("answer"), operation_id="handInScores")
async def hand_in(
    context: NamedDependency[Context], assessment_id: FromPath[int], key: Key = None
) -> Panel:
    """Hand in what you scored alone; nothing of it is changed afterwards."""
    return _told(await context.once(key, Meeting, consensus.hand_in, assessment_id))


@post(_PATH + "/agreement", opt=acting("answer"), operation_id="settleAgreed")
async def settle(
    context: NamedDependency[Context], assessment_id: FromPath[int], key: Key = None
) -> Settled:
    """Set the score of every indicator on which the whole panel agrees."""
    return Settled(await context.once(key, list[str], consensus.settle_agreed, assessment_id))


def _told(found: Meeting) -> Panel:
    return Panel(
        found.panel,
        found.met,
        list(found.own.values()),
        found.left,
        list(found.spreads.values()),
        found.scores,
        found.agreement,
        found.unsettled,
    )


"""All that there is of panels, for the list of routes."""
