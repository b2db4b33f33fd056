"""Responses: the current one of each indicator, and every revision there ever was."""

import sqlalchemy as sa
from msgspec import structs

from survey_service.maturity.assessment import Response
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import response, revision

_FIELDS = Response.__struct_fields__
_RESPONSE = tuple(response.c[field] for field in _FIELDS)
_REVISION = tuple(revision.c[field] for field in _FIELDS)

_ONE = sa.and_(
    response.c.assessment_id == sa.bindparam("assessment"),
    response.c.indicator == sa.bindparam("code"),
)
_CURRENT = sa.select(*_RESPONSE).where(_ONE)
_ANSWER = sa.insert(response)
_REPLACE = sa.update(response).where(_ONE)
_REMEMBER = sa.insert(revision)


def current(tx: Reader, assessment_id: int, indicator: str) -> Response | None:
    """Return the response to one indicator; None while it is unanswered."""
    row = tx.execute(_CURRENT, {"assessment": assessment_id, "code": indicator}).first()
    return Response(*row) if row else None


def responses(tx: Reader, assessment_id: int) -> dict[str, Response]:
    """Return the assessment's responses by indicator code."""
    rows = tx.execute(sa.select(*_RESPONSE).where(response.c.assessment_id == assessment_id))
    return {row.indicator: Response(*row) for row in rows}


def history(tx: Reader, assessment_id: int, indicator: str) -> list[Response]:
    """Return every revision of one response, oldest first."""
    one = sa.and_(revision.c.assessment_id == assessment_id, revision.c.indicator == indicator)
    rows = tx.execute(sa.select(*_REVISION).where(one).order_by(revision.c.revision))
    return [Response(*row) for row in rows]


def save(tx: Writer, assessment_id: int, saved: Response) -> None:
    """Make a response the current one and add it to the history."""
    values = {"assessment_id": assessment_id, **structs.asdict(saved)}
    if saved.revision == 1:
        tx.execute(_ANSWER, values)
    else:
        tx.execute(_REPLACE, {**values, "assessment": assessment_id, "code": saved.indicator})
    tx.execute(_REMEMBER, values)
