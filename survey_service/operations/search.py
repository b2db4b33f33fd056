"""Finding assessments, each with its index as it stands for the reader."""

from msgspec import Struct

from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.cycles import Cycle
from survey_service.maturity.scoring import Card
from survey_service.maturity.texts import Text
from survey_service.operations import questionnaires
from survey_service.operations.assessments import view
from survey_service.store import assessments, cycles
from survey_service.store.assessments import Wanted
from survey_service.store.database import Reader

_OFFERED = 100  # cycles to choose from, the newest


class Found(Struct, frozen=True):
    """An assessment, and its score as it stands for the reader."""

    assessment: Assessment
    card: Card


class Offered(Struct, frozen=True):
    """What a list can be narrowed to: questionnaires by code, and cycles."""

    questionnaires: dict[str, Text]
    cycles: list[Cycle]


def find(
    tx: Reader, actor: Actor, *, before: int | None, limit: int, wanted: Wanted
) -> tuple[list[Found], Offered]:
    """Return up to `limit` assessments, newest first, and what they can be narrowed to."""
    require(actor, "read")
    listed = assessments.newest(tx, actor, before=before, limit=limit, wanted=wanted)
    found = [Found(one, view(tx, actor, one.id).running) for one in listed]
    published = {one.code: one.name for one in questionnaires.list_all(tx, actor)}
    return found, Offered(published, cycles.newest(tx, actor, before=None, limit=_OFFERED))
