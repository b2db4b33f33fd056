"""Panels: who scores an assessment alone, and what they scored."""

from collections.abc import Sequence

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.assessment import Response
from survey_service.conduct.consensus import IndependentScore, Panellist
from survey_service.store.database import Reader, Writer
from survey_service.store.people import may_sign_in
from survey_service.store.tables import person
from survey_service.store.tables.review import independent_score, panellist

_FIELDS = tuple(name for name in Response.__struct_fields__ if name in independent_score.c)
_PANEL = (
    sa.select(panellist.c.person_id, person.c.name, panellist.c.handed_in_at)
    .join_from(panellist, person)
    .where(panellist.c.assessment_id == sa.bindparam("assessment"))
    .order_by(person.c.name, panellist.c.person_id)
)
_SCORES = (
    sa.select(independent_score.c.person_id, *(independent_score.c[name] for name in _FIELDS))
    .where(independent_score.c.assessment_id == sa.bindparam("assessment"))
    .order_by(independent_score.c.indicator, independent_score.c.person_id)
)


def panel(tx: Reader, assessment_id: int) -> list[Panellist]:
    """Return who scores an assessment alone, by name; nobody where there is no panel."""
    return [Panellist(*row) for row in tx.execute(_PANEL, {"assessment": assessment_id})]


def evaluators(tx: Reader, organisation_id: int) -> dict[int, str]:
    """Return the names of an organisation's evaluators who can sign in, by their ids."""
    theirs = sa.and_(
        person.c.organisation_id == organisation_id, person.c.role == "evaluator", may_sign_in()
    )
    query = sa.select(person.c.id, person.c.name).where(theirs).order_by(person.c.name, person.c.id)
    return {row.id: row.name for row in tx.execute(query)}


def save_panel(tx: Writer, assessment_id: int, people: Sequence[Panellist]) -> None:
    """Let these be the panel of an assessment, as they are."""
    tx.execute(sa.delete(panellist).where(panellist.c.assessment_id == assessment_id))
    rows = [
        {
            "assessment_id": assessment_id,
            "person_id": one.person_id,
            "handed_in_at": one.handed_in_at,
        }
        for one in people
    ]
    tx.execute(sa.insert(panellist), rows)


def scores(tx: Reader, assessment_id: int) -> list[IndependentScore]:
    """Return what all of a panel scored, by indicator."""
    found = tx.execute(_SCORES, {"assessment": assessment_id})
    return [IndependentScore(id_, _response(fields)) for id_, *fields in found]


def save(tx: Writer, assessment_id: int, person_id: int, saved: Response) -> None:
    """Make a score the one that somebody gave alone."""
    whose = {"assessment_id": assessment_id, "person_id": person_id}
    values = {name: value for name, value in structs.asdict(saved).items() if name in _FIELDS}
    one = sa.and_(
        independent_score.c.assessment_id == assessment_id,
        independent_score.c.person_id == person_id,
        independent_score.c.indicator == saved.indicator,
    )
    tx.execute(sa.delete(independent_score).where(one))
    tx.execute(sa.insert(independent_score).values(**whose, **values))


def forget(tx: Writer, assessment_id: int, kept: Sequence[int]) -> None:
    """Forget what was scored by all but some people."""
    others = sa.and_(
        independent_score.c.assessment_id == assessment_id,
        independent_score.c.person_id.not_in(kept),
    )
    tx.execute(sa.delete(independent_score).where(others))


def _response(fields: Sequence[object]) -> Response:
    known = dict(zip(_FIELDS, fields, strict=True))
    return Response(**known, stage="external")  # type: ignore[arg-type] # the columns' types are its fields'
