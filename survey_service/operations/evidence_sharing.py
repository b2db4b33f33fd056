"""One piece of evidence on several questions, that of the assessment before among it."""

from collections.abc import Sequence

from msgspec import Struct, structs

from survey_service.conduct.access import Actor, may
from survey_service.conduct.evidence import Evidence, Kept
from survey_service.errors import NotFoundError
from survey_service.operations import evidence
from survey_service.operations.assessments import Sheet, before, view
from survey_service.operations.evidence import Limits, Wanted
from survey_service.store.database import Reader, Writer


class Shared(Struct, frozen=True):
    """A file or a link, with the codes of the questions that it supports."""

    evidence: Evidence
    indicators: list[str]


class Collection(Struct, frozen=True):
    """All evidence of an assessment, each once, and what only the assessment before has.

    `earlier` is that assessment, None where there is none; `attach` whether the reader may attach.
    """

    sheet: Sheet
    here: list[Shared]
    earlier: Sheet | None
    before: list[Shared]
    attach: bool


def load(tx: Reader, actor: Actor, assessment_id: int) -> Collection:
    """Return the evidence of an assessment, and of the one before.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    sheet = view(tx, actor, assessment_id)
    assessment = sheet.assessment
    here = _shared(evidence.list_all(tx, actor, assessment_id, None))
    attach = assessment.is_answered and may(
        actor, "attach", owner=assessment.organisation.id, stage="self"
    )
    earlier = before(tx, actor, sheet) if attach else None
    if earlier is not None and earlier.assessment.organisation.id != assessment.organisation.id:
        earlier = None  # a predecessor's, which is not its successor's to show
    known = {_content(one.evidence) for one in here}
    old = _shared(evidence.list_all(tx, actor, earlier.assessment.id, None)) if earlier else []
    offered = [one for one in old if _content(one.evidence) not in known]
    return Collection(sheet, here, earlier, offered, attach)


def share(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    evidence_id: int,
    indicators: Sequence[str],
    limits: Limits,
) -> list[Evidence]:
    """Attach a piece of evidence, of the assessment or of the one before, to several questions.

    Raises:
        NotFoundError: There is no such evidence for this actor.
        SurveyError: See `evidence.attach_file`; then it is attached to none of them.
    """
    found = load(tx, actor, assessment_id)
    offered = [*found.here, *found.before]
    one = next((each.evidence for each in offered if each.evidence.id == evidence_id), None)
    if one is None:
        raise NotFoundError(evidence=evidence_id)
    return [_attach(tx, actor, assessment_id, one, code, limits) for code in indicators]


def _attach(
    tx: Writer, actor: Actor, assessment_id: int, one: Evidence, code: str, limits: Limits
) -> Evidence:
    wanted = Wanted(code, one.name, one.effective)
    if one.url is not None:
        return evidence.attach_link(tx, actor, assessment_id, wanted, one.url, limits)
    kept = Kept(one.digest or "", one.media_type or "", one.size or 0)
    return evidence.attach_file(tx, actor, assessment_id, wanted, kept, limits)


def _shared(attached: Sequence[Evidence]) -> list[Shared]:
    """Return what is attached, each content once."""
    found: dict[str, Shared] = {}
    for one in attached:
        if one.removed_at is None:
            known = found.get(_content(one), Shared(one, []))
            added = [*known.indicators, one.indicator]
            found[_content(one)] = structs.replace(known, indicators=added)
    return list(found.values())


def _content(one: Evidence) -> str:
    return one.digest or one.url or ""
