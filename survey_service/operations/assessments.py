"""Opening an assessment, and seeing where it stands."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.assessment import Assessment, InCycle, Response, unanswered, unchecked
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.life import Stage, overlaid, settled, standing
from survey_service.conduct.results import Result
from survey_service.errors import NotFoundError
from survey_service.errors.questionnaires import UnknownKindError
from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import restored
from survey_service.maturity.conditions import Profile, facts
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.progress import without
from survey_service.maturity.revision import Trend, carried_over, continuations, trend
from survey_service.maturity.scoring import Card, score
from survey_service.operations import audit, progress, questionnaires
from survey_service.operations.preconditions import tag
from survey_service.store import (
    assessments,
    cycles,
    organisations,
    responses,
    results,
    successions,
)
from survey_service.store.database import Reader, Writer
from survey_service.store.questionnaires import Published

_LOOKED_AT = 20  # earlier assessments, for one that the questionnaire continues


class Sheet(Struct, frozen=True, dict=True):
    """An assessment with the responses of each stage that its reader may see, by indicator code.

    `stage` is the one whose answers count: its own over those of the stages before. The questionnaire
    is as the organisation sees it, whose kind may be asked or weighed otherwise. `results` are those
    of stages that are over; of others the answers are scored.
    """

    assessment: Assessment
    questionnaire: Questionnaire
    by_stage: dict[Stage, dict[str, Response]]
    stage: Stage = "self"
    results: Mapping[Stage, Result] = {}

    def at(self, stage: Stage) -> "Sheet":
        """Return the sheet with the answers of another stage counting; of its own, itself."""
        return self if stage == self.stage else structs.replace(self, stage=stage)

    @property
    def responses(self) -> dict[str, Response]:
        """The organisation's own responses."""
        return self.by_stage["self"]

    @cached_property
    def readable(self) -> dict[Stage, dict[str, Response]]:
        """The responses of each stage, but for those that are damaged or taken back."""
        return {
            stage: {code: one for code, one in given.items() if one.counts}
            for stage, given in self.by_stage.items()
        }

    @cached_property
    def standing(self) -> dict[str, Response]:
        """The responses that stand at the stage."""
        return overlaid(self.readable, self.stage)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers that stand at the stage."""
        return {code: response.answer for code, response in self.standing.items()}

    @cached_property
    def confirmed(self) -> dict[str, Answer]:
        """The answers that somebody gave here, without those carried over and not yet confirmed."""
        return {
            code: response.answer
            for code, response in self.readable["self"].items()
            if response.carried_from is None
        }

    @cached_property
    def to_confirm(self) -> list[str]:
        """The codes of answers that were carried over and that nobody has confirmed yet."""
        found = self.readable["self"]
        carried = (code for code in self.questionnaire.indicators if code in found)
        return [
            code
            for code in carried
            if found[code].carried_from is not None and code not in self.unasked
        ]

    @cached_property
    def running(self) -> Card:
        """The score of the answers so far; what is to be confirmed is not counted as answered."""
        if (stored := self.results.get(self.stage)) is not None:
            return restored(self.questionnaire, stored.running)
        return self._counted(score(self.questionnaire, self.answers, profile=self.profile))

    @cached_property
    def official(self) -> Card:
        """The score with what is unanswered counted as the lowest level."""
        if (stored := self.results.get(self.stage)) is not None:
            return restored(self.questionnaire, stored.official or stored.running)
        return self._counted(
            score(self.questionnaire, self.answers, official=True, profile=self.profile)
        )

    def _counted(self, card: Card) -> Card:
        carried = self.to_confirm
        if not carried:
            return card
        return without(card, self.questionnaire, self.answers, self.profile, carried)

    @property
    def profile(self) -> Profile:
        """What weights and conditions may know of the organisation."""
        return self.assessment.organisation.profile

    @cached_property
    def unasked(self) -> set[str]:
        """The codes of what the answers so far leave unasked."""
        return facts(self.questionnaire, self.answers, self.profile, official=False).unasked

    @cached_property
    def unanswered(self) -> list[str]:
        """The codes of what must still be answered, or confirmed, before handing in."""
        return unanswered(self.questionnaire, self.confirmed, self.profile)

    def unchecked(self, stage: Stage) -> list[str]:
        """Return the codes of the answers that count and that a later stage has still to look at."""
        left = unchecked(self.readable["self"], self.readable[stage])
        asked = self.questionnaire.indicators.keys() - self.unasked
        return [code for code in left if code in asked]


class Course(Struct, frozen=True):
    """The assessment before, and the two on their common basis."""

    earlier: Sheet
    trend: Trend


def open_assessment(tx: Writer, actor: Actor, reference: str) -> Assessment:
    """Open an assessment of the actor's organisation on a published `code@version`.

    Answers to an earlier version are carried over where the new one continues it and asks the
    same; they are marked until somebody confirms them.

    Raises:
        UnknownQuestionnaireError: No such version is published.
        UnknownKindError: It is not asked of organisations of this kind.
        InactiveError: The organisation takes part no longer.
        ForbiddenError: The actor's role may not.
    """
    require(actor, "open")
    code, _, version = reference.partition("@")
    return _open(tx, actor, questionnaires.find(tx, code, version), None)


def open_in_cycle(tx: Writer, actor: Actor, cycle_id: int) -> Assessment:
    """Open the assessment of the actor's organisation in a cycle, or return it if it is open.

    Raises:
        NotFoundError: There is no such cycle for this actor, or the organisation takes no part.
        OutsideDatesError: It is not yet, or no longer, time for it.
    """
    require(actor, "open")
    cycle = cycles.fetch(tx, cycle_id, visible_to=actor)
    if cycle.state != "open" or not cycles.takes_part(tx, cycle_id, actor.organisation_id):
        raise NotFoundError(cycle=cycle_id)
    known = assessments.in_cycle(tx, cycle_id, actor.organisation_id)
    if known is not None:
        return assessments.fetch(tx, known, visible_to=actor)
    cycle.calendar.extended(
        "self", cycles.until(tx, cycle_id, actor.organisation_id, "self")
    ).require_within("self", clock.now())
    opened = _open(tx, actor, questionnaires.find(tx, cycle.questionnaire, cycle.version), cycle)
    return assessments.fetch(tx, opened.id, visible_to=actor)


def _open(tx: Writer, actor: Actor, published: Published, cycle: Cycle | None) -> Assessment:
    organisation = organisations.fetch(tx, actor.organisation_id)
    organisation.require_active()
    organisation.require_readable()
    questionnaires.decoded(tx, published.digest).for_kind(organisation.kind)
    opened = Assessment(
        id=0,
        questionnaire=published.code,
        version=published.version,
        digest=published.digest,
        organisation=organisation,
        state="draft",
        opened_at=clock.now(),
        cycle=None if cycle is None else InCycle(cycle.id, cycle.name, cycle.calendar),
    )
    added = assessments.add(tx, opened, actor.id)
    audit.record_about(tx, actor, "assessment.open", added.id, after=added)
    for carried in _carried_over(tx, added):
        carry(tx, actor, added.id, carried)
    return progress.recount(tx, added, asked(tx, added))


def carry(tx: Writer, actor: Actor, assessment_id: int, carried: Response) -> None:
    """Keep a response that was carried over from another assessment."""
    responses.save(tx, assessment_id, carried)
    about = f"responses/{carried.indicator}"
    audit.record_about(tx, actor, "response.carry", assessment_id, about, after=carried)


def _carried_over(tx: Reader, opened: Assessment) -> Iterator[Response]:
    """Yield what the organisation's newest assessment that the questionnaire continues hands on."""
    new, owner = asked(tx, opened), opened.organisation.id
    for earlier in assessments.earlier(tx, owner, before=opened.id, limit=_LOOKED_AT):
        if earlier.digest == opened.digest or not is_asked(tx, earlier):
            continue
        found = {
            code: one for code, one in responses.responses(tx, earlier.id).items() if one.counts
        }
        given = {code: response.answer for code, response in found.items()}
        old = asked(tx, earlier)
        if carried := carried_over(old, new, given):
            for one in continuations(old, new):
                if one.new in carried:
                    before = structs.replace(found[one.old[0]], answer=carried[one.new])
                    yield handed_on(before, one.new, opened, earlier.reference)
            return


def handed_on(
    before: Response, code: str, opened: Assessment, carried_from: str | None
) -> Response:
    """Return a response of another assessment as the first one of a new assessment."""
    return structs.replace(
        before,
        indicator=code,
        revision=1,
        saved_at=opened.opened_at,
        carried_from=carried_from,
    )


def readable(tx: Reader, actor: Actor, assessment_id: int) -> Assessment:
    """Return an assessment that the actor may read.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    return assessment


def may_answer(actor: Actor, assessment: Assessment) -> bool:
    """Whether an actor is one of those who answer an assessment now."""
    owner = assessment.organisation.id
    return assessment.is_answered and may(actor, "answer", owner=owner, stage="self")


def view(tx: Reader, actor: Actor, assessment_id: int, stage: Stage | None = None) -> Sheet:
    """Return the assessment with its questionnaire and responses.

    Args:
        tx: A snapshot.
        actor: Whoever looks at it sees no scores that their stage has not given out.
        assessment_id: Which one.
        stage: Whose answers count; None for those that stand at the time.
    """
    return _sheet(tx, actor, readable(tx, actor, assessment_id), stage)


def _sheet(tx: Reader, actor: Actor, assessment: Assessment, stage: Stage | None = None) -> Sheet:
    found = responses.by_stage(tx, assessment.id, actor.sees(assessment.state))
    stored = results.of_assessment(tx, assessment.id) if settled(assessment.state) else {}
    counting = stage or standing(assessment.state)
    return Sheet(assessment, asked(tx, assessment), found, counting, stored)


def state_tag(tx: Reader, actor: Actor, assessment_id: int) -> str:
    """Return what changes whenever anything does that an assessment says to an actor.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    assessment = readable(tx, actor, assessment_id)
    return tag((assessment, audit.newest(tx, actor, assessment)))


def course(tx: Reader, actor: Actor, sheet: Sheet) -> Course | None:
    """Return an assessment beside the one before; None where there is none that it continues.

    Args:
        tx: A snapshot.
        actor: Whoever looks sees no scores that their stage has not given out.
        sheet: The assessment.
    """
    earlier = before(tx, actor, sheet)
    if earlier is None:
        return None
    found = _trend(earlier, sheet)
    comparable = found.before is not None and found.after is not None
    return Course(earlier, found) if comparable else None


def before(tx: Reader, actor: Actor, sheet: Sheet) -> Sheet | None:
    """Return the organisation's newest answered assessment that one continues; None without one.

    Where it has none of its own, that of what it follows since a merger, split or renaming. What is
    looked up does not grow with the past: the answers of that one alone are read.
    """
    this = sheet.assessment
    for earlier in _earlier(tx, this):
        if not is_asked(tx, earlier):
            continue
        if earlier.digest == this.digest or continuations(asked(tx, earlier), sheet.questionnaire):
            return _sheet(tx, actor, earlier)
    return None


def incomparable(tx: Reader, this: Assessment) -> Assessment | None:
    """Return the newest answered assessment before on the same instrument, compared or not; None for none."""
    code = this.reference.partition("@")[0]
    earlier = _earlier(tx, this)
    return next((one for one in earlier if one.reference.partition("@")[0] == code), None)


def _earlier(tx: Reader, this: Assessment) -> Iterator[Assessment]:
    """Yield earlier assessments, the organisation's own first, then those of what it follows."""
    own = this.organisation.id
    yield from assessments.earlier_answered(tx, own, before=this.id, limit=_LOOKED_AT)
    for id_ in successions.predecessors(tx, own):
        yield from assessments.earlier_answered(tx, id_, before=this.id, limit=_LOOKED_AT)


def compared(tx: Reader, actor: Actor, assessment_id: int, earlier_id: int) -> Trend:
    """Return an assessment beside an earlier one, on the common basis of their questionnaires.

    Raises:
        NotFoundError: There is no such assessment for this actor, or none of this organisation or of
            what it follows.
    """
    sheet, earlier = view(tx, actor, assessment_id), view(tx, actor, earlier_id)
    own = sheet.assessment.organisation.id
    if earlier.assessment.organisation.id not in {own, *successions.predecessors(tx, own)}:
        raise NotFoundError(assessment=earlier_id)
    return _trend(earlier, sheet)


def _trend(earlier: Sheet, sheet: Sheet) -> Trend:
    return trend(earlier.questionnaire, earlier.running, sheet.questionnaire, sheet.running)


def asked(tx: Reader, assessment: Assessment) -> Questionnaire:
    """Return the questionnaire as the assessment's organisation is asked it.

    Raises:
        UnknownKindError: It is not asked of such organisations; names the assessment.
    """
    try:
        return questionnaires.decoded(tx, assessment.digest).for_kind(assessment.organisation.kind)
    except UnknownKindError as error:
        raise UnknownKindError(**error.details, assessment=assessment.id) from None


def is_asked(tx: Reader, assessment: Assessment) -> bool:
    """Whether the questionnaire is asked of such organisations as the assessment's."""
    return questionnaires.decoded(tx, assessment.digest).knows(assessment.organisation.kind)
