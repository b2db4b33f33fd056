"""Responses: the current one of each indicator at each stage, and every revision there ever was."""

from collections.abc import Sequence

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Response
from survey_service.conduct.life import Stage
from survey_service.maturity.answers import NOTHING, Answer
from survey_service.store import assessments
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import response, revision

_FIELDS = Response.__struct_fields__
_CHANGED = tuple(field for field in _FIELDS if not response.c[field].primary_key)
_RESPONSE = tuple(response.c[field] for field in _FIELDS)
_REVISION = tuple(revision.c[field] for field in _FIELDS)

_ONE = sa.and_(
    response.c.assessment_id == sa.bindparam("assessment"),
    response.c.stage == sa.bindparam("at_stage"),
    response.c.indicator == sa.bindparam("code"),
)
_AT_STAGES = sa.select(*_RESPONSE).where(
    response.c.assessment_id == sa.bindparam("assessment"),
    response.c.stage.in_(sa.bindparam("at_stages", expanding=True)),
)
_CURRENT = sa.select(*_RESPONSE).where(_ONE)
_WITH_CURRENT = assessments.ONE.add_columns(*_RESPONSE).outerjoin(response, _ONE)
_ANSWER = sa.insert(response)
_REPLACE = sa.update(response).where(_ONE)
_ANSWERS = sa.select(response.c.indicator, response.c.answer).where(
    response.c.assessment_id == sa.bindparam("assessment"), response.c.stage == "self"
)
_CARRIED = sa.select(response.c.assessment_id, response.c.indicator).where(
    response.c.assessment_id.in_(sa.bindparam("assessments", expanding=True)),
    response.c.stage == "self",
    response.c.carried_from.is_not(None),
)
_REMEMBER = sa.insert(revision)


def _together(change: sa.Insert | sa.Update) -> sa.Insert:
    """Return the statement that makes a change to the current response and remembers it as well."""
    new = {
        name: sa.bindparam(f"new_{name}", type_=response.c[name].type)
        for name in ("assessment_id", *_FIELDS)
    }
    return _REMEMBER.values(new).add_cte(change.values(new).cte("changed"))


_BOTH = {True: _together(_ANSWER), False: _together(_REPLACE)}
"""What saves a first response, or a later one, in one round trip; SQLite has no such statements."""


def current(
    tx: Reader, assessment_id: int, indicator: str, stage: Stage = "self"
) -> Response | None:
    """Return the response to one indicator at a stage; None while there is none."""
    one = {"assessment": assessment_id, "at_stage": stage, "code": indicator}
    row = tx.execute(_CURRENT, one).first()
    return Response(*row) if row else None


def fetch_with_current(
    tx: Reader, assessment_id: int, indicator: str, stage: Stage, *, visible_to: Actor
) -> tuple[Assessment, Response | None]:
    """Return an assessment that the actor may see, and the response to one indicator at a stage.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    found, row = assessments.fetch_with(
        tx, _WITH_CURRENT, assessment_id, visible_to=visible_to, at_stage=stage, code=indicator
    )
    return found, Response(*row) if row[0] is not None else None


def responses(tx: Reader, assessment_id: int, stage: Stage = "self") -> dict[str, Response]:
    """Return the assessment's responses at a stage, by indicator code."""
    return by_stage(tx, assessment_id, (stage,))[stage]


def answers(tx: Reader, assessment_id: int) -> dict[str, Answer]:
    """Return the organisation's own answers, by indicator code, without those taken back."""
    rows = tx.execute(_ANSWERS, {"assessment": assessment_id})
    return {row.indicator: row.answer for row in rows if row.answer != NOTHING}


def carried(tx: Reader, assessment_ids: Sequence[int]) -> dict[int, set[str]]:
    """Return the codes of answers that were carried over and not confirmed, by assessment."""
    found: dict[int, set[str]] = {}
    for id_, code in tx.execute(_CARRIED, {"assessments": assessment_ids}):
        found.setdefault(id_, set()).add(code)
    return found


def answers_of_many(
    tx: Reader, assessment_ids: Sequence[int]
) -> dict[int, dict[Stage, dict[str, Answer]]]:
    """Return the answers of assessments by id, stage and indicator code, without those taken back."""
    columns = (response.c.assessment_id, response.c.stage, response.c.indicator, response.c.answer)
    found: dict[int, dict[Stage, dict[str, Answer]]] = {}
    query = sa.select(*columns).where(response.c.assessment_id.in_(assessment_ids))
    for id_, stage, code, answer in tx.execute(query):
        if answer != NOTHING:
            found.setdefault(id_, {}).setdefault(stage, {})[code] = answer
    return found


def by_stage(
    tx: Reader, assessment_id: int, stages: Sequence[Stage]
) -> dict[Stage, dict[str, Response]]:
    """Return the assessment's responses at each of `stages`, by indicator code."""
    found: dict[Stage, dict[str, Response]] = {stage: {} for stage in stages}
    for row in tx.execute(_AT_STAGES, {"assessment": assessment_id, "at_stages": stages}):
        given = Response(*row)
        found[given.stage][given.indicator] = given
    return found


def history(
    tx: Reader, assessment_id: int, indicator: str, stage: Stage = "self"
) -> list[Response]:
    """Return every revision of one response at a stage, oldest first."""
    one = sa.and_(
        revision.c.assessment_id == assessment_id,
        revision.c.stage == stage,
        revision.c.indicator == indicator,
    )
    rows = tx.execute(sa.select(*_REVISION).where(one).order_by(revision.c.revision))
    return [Response(*row) for row in rows]


def save(tx: Writer, assessment_id: int, saved: Response) -> None:
    """Make a response the current one of its stage and add it to the history."""
    values = {"assessment_id": assessment_id, **structs.asdict(saved)}
    one = {"assessment": assessment_id, "at_stage": saved.stage, "code": saved.indicator}
    first = saved.revision == 1
    if tx.dialect.name == "postgresql":
        named = {f"new_{name}": value for name, value in values.items()}
        tx.execute(_BOTH[first], named if first else {**named, **one})
        return
    changed = {name: values[name] for name in _CHANGED}
    tx.execute(_ANSWER, values) if first else tx.execute(_REPLACE, {**changed, **one})
    tx.execute(_REMEMBER, values)
