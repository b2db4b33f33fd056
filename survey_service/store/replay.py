"""What stands in the tables, as facts that the trail must account for; see `conduct.replay`."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from survey_service.conduct import replay
from survey_service.conduct.actions import Action
from survey_service.conduct.assessment import Response
from survey_service.conduct.cycles import Cycle, Extension, Withdrawal
from survey_service.conduct.discarding import Discarding
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.organisations import Organised
from survey_service.conduct.remarks import Remark
from survey_service.conduct.replay import Belonging, Fact
from survey_service.conduct.teamwork import Ready
from survey_service.store import action_evidence, evidence
from survey_service.store.database import Reader
from survey_service.store.tables import (
    assessment,
    assignment,
    cycle,
    organisation,
    participant,
    person,
    questionnaire,
    ready,
    report,
    response,
    revision,
    step,
)
from survey_service.store.tables import evidence as evidence_
from survey_service.store.tables.accounts import secret
from survey_service.store.tables.actions import action
from survey_service.store.tables.review import extension, remark
from survey_service.store.types import Json

T = TypeVar("T", bound=Struct)

_TOGETHER = 1000  # rows read at a time


def facts(tx: Reader) -> Iterator[Fact]:
    """Yield everything that the trail accounts for, as it stands now."""
    for each in (
        _assessments, _owned, _discarded, _responses, _revisions, _steps, _remarks, _evidence,
        _actions, _action_evidence, _assignments, _ready, _reports, _cycles, _organisations, _people, _questionnaires, _keys,
    ):  # fmt: skip
        yield from each(tx)


def _rows(tx: Reader, query: sa.Select[Any]) -> Iterator[Any]:
    yield from tx.execute(query.execution_options(yield_per=_TOGETHER))


def _structs(tx: Reader, table: sa.Table, struct: type[T]) -> Iterator[tuple[int, T]]:
    """Yield the assessment of each of a table's rows, and the row as a struct."""
    columns = [table.c[one] for one in struct.__struct_fields__]
    query = sa.select(table.c.assessment_id, *map(_bare, columns))
    for id_, *fields in _rows(tx, query):
        yield id_, struct(*map(_read, columns, fields))


def _bare(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column as it is kept: JSON that somebody damaged is to be told of, not to be refused."""
    return sa.type_coerce(column, sa.Text) if isinstance(column.type, Json) else column


def _read(column: sa.Column[Any], value: Any) -> Any:
    """Return what is kept in a column; what cannot be read of it as it is."""
    if not isinstance(column.type, Json) or not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value, type=column.type.type_)
    except msgspec.DecodeError:
        return value


def _assessments(tx: Reader) -> Iterator[Fact]:
    columns = (assessment.c[field] for field in replay.Standing.__struct_fields__)
    for row in _rows(tx, sa.select(*columns)):
        yield f"assessments/{row.id}", replay.Standing(*row)


def _owned(tx: Reader) -> Iterator[Fact]:
    columns = [assessment.c[f"organisation_{one}"] for one in replay.Owned.__struct_fields__]
    for id_, *fields in _rows(tx, sa.select(assessment.c.id, *map(_bare, columns))):
        yield f"assessments/{id_}/organisation", replay.Owned(*map(_read, columns, fields))


def _discarded(tx: Reader) -> Iterator[Fact]:
    columns = (assessment.c.id, assessment.c.discarded_at, assessment.c.discarded_by)
    query = sa.select(*columns).where(assessment.c.discarded_at.is_not(None))
    for id_, at, author in _rows(tx, query):
        yield f"assessments/{id_}/discarding", Discarding(at, author)


def _responses(tx: Reader) -> Iterator[Fact]:
    for id_, given in _structs(tx, response, Response):
        yield _about_response(id_, given), given


def _revisions(tx: Reader) -> Iterator[Fact]:
    for id_, given in _structs(tx, revision, Response):
        yield f"{_about_response(id_, given)}/revisions/{given.revision}", given


def _about_response(assessment_id: int, given: Response) -> str:
    below = "responses" if given.stage == "self" else f"{given.stage}/responses"
    return f"assessments/{assessment_id}/{below}/{given.indicator}"


def _steps(tx: Reader) -> Iterator[Fact]:
    taken = (step.c.step, step.c.before, step.c.after, step.c.reason, step.c.digest)
    for id_, number, *said in _rows(tx, sa.select(step.c.assessment_id, step.c.number, *taken)):
        told = (said[0], said[1], said[2], said[3])
        yield replay.step(f"assessments/{id_}", number, told, said[4])


def _remarks(tx: Reader) -> Iterator[Fact]:
    for id_, found in _structs(tx, remark, Remark):
        yield f"assessments/{id_}/remarks/{found.id}", found


def _evidence(tx: Reader) -> Iterator[Fact]:
    query = evidence.EVIDENCE.add_columns(evidence_.c.assessment_id)
    for *fields, id_ in _rows(tx, query):
        found = Evidence(*fields)
        yield f"assessments/{id_}/evidence/{found.id}", found


def _actions(tx: Reader) -> Iterator[Fact]:
    for _, found in _structs(tx, action, Action):
        yield _about_action(found.assessment_id, found.indicator, found.id), found


def _action_evidence(tx: Reader) -> Iterator[Fact]:
    query = action_evidence.EVIDENCE.add_columns(action.c.assessment_id, action.c.id)
    for *fields, assessment_id, action_id in _rows(tx, query):
        found = Evidence(*fields)
        about = _about_action(assessment_id, found.indicator, action_id)
        yield f"{about}/evidence/{found.id}", found


def _about_action(assessment_id: int, indicator: str, action_id: int) -> str:
    return f"assessments/{assessment_id}/actions/{indicator}/{action_id}"


def _assignments(tx: Reader) -> Iterator[Fact]:
    for row in _rows(tx, sa.select(assignment)):
        about = f"assessments/{row.assessment_id}/assignments/{row.code}"
        yield about, replay.Assigned(row.person_id)


def _ready(tx: Reader) -> Iterator[Fact]:
    for id_, found in _structs(tx, ready, Ready):
        yield f"assessments/{id_}/ready/{found.indicator}", found


def _reports(tx: Reader) -> Iterator[Fact]:
    for id_, digest in _rows(tx, sa.select(report.c.assessment_id, report.c.digest)):
        yield f"assessments/{id_}/reports/{digest}", True


def _cycles(tx: Reader) -> Iterator[Fact]:
    order = sa.select(participant).order_by(participant.c.cycle_id, participant.c.organisation_id)
    taking_part = {
        id_: list(rows) for id_, rows in groupby(tx.execute(order), lambda row: row.cycle_id)
    }
    given: dict[int, list[Extension]] = {}
    for id_, *fields in tx.execute(sa.select(extension)):
        given.setdefault(id_, []).append(Extension(*fields))
    columns = [cycle.c[field] for field in Cycle.__struct_fields__]
    for row in _rows(tx, sa.select(*map(_bare, columns))):
        known = taking_part.get(row[0], [])
        planned = replay.Planned(
            *map(_read, columns, row),
            participants=[one.organisation_id for one in known],
            withdrawn=tuple(_withdrawal(one) for one in known if one.withdrawn_at is not None),
            extensions=tuple(given.get(row[0], [])),
        )
        yield f"cycles/{row[0]}", replay.ordered(planned)


def _withdrawal(row: Any) -> Withdrawal:
    told = (row.withdrawn_because, row.withdrawn_by, row.withdrawn_at)
    return Withdrawal(row.organisation_id, *told)


def _organisations(tx: Reader) -> Iterator[Fact]:
    columns = [organisation.c[field] for field in Organised.__struct_fields__]
    for row in _rows(tx, sa.select(*map(_bare, columns))):
        yield f"organisations/{row[0]}", Organised(*map(_read, columns, row))


def _people(tx: Reader) -> Iterator[Fact]:
    told = (person.c[field] for field in Belonging.__struct_fields__[:-1])
    for row in _rows(tx, sa.select(*told, person.c.totp.is_not(None))):
        yield from replay.person(f"people/{row.id}", Belonging(*row))


def _questionnaires(tx: Reader) -> Iterator[Fact]:
    columns = (questionnaire.c.code, questionnaire.c.version, questionnaire.c.content)
    for code, version, content in _rows(tx, sa.select(*columns)):
        yield replay.questionnaire(f"{code}@{version}", content)


def _keys(tx: Reader) -> Iterator[Fact]:
    for key in tx.execute(sa.select(secret.c.public).where(secret.c.name == "log")).scalars():
        yield "log", key
