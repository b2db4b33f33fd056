"""The receipt for what was handed in: number, moment, index and digest, and whether it still stands."""

from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.life import Moved
from survey_service.conduct.receipts import digest
from survey_service.operations.assessments import Sheet, view
from survey_service.store import evidence, steps
from survey_service.store.database import Reader


class Receipt(Struct, frozen=True):
    """What was handed in last; `same` tells whether the answers are still what the digest is of.

    `moved` is None while nothing was handed in.
    """

    sheet: Sheet
    moved: Moved | None
    same: bool

    @property
    def number(self) -> str:
        """The number that one can ask after: of the assessment, and of the step in its life."""
        return f"{self.sheet.assessment.id}-{self.moved.number if self.moved else 0}"


def current(tx: Reader, sheet: Sheet) -> str:
    """Return the digest of what an agency would hand in now."""
    attached = evidence.attached(tx, sheet.assessment.id)
    return digest(sheet.assessment, sheet.responses, attached)


def load(tx: Reader, actor: Actor, assessment_id: int) -> Receipt:
    """Return the receipt of an assessment.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    sheet = view(tx, actor, assessment_id)
    handed_in = [one for one in steps.steps(tx, assessment_id) if one.step == "submit"]
    moved = handed_in[-1] if handed_in else None
    return Receipt(sheet, moved, moved is not None and moved.digest == current(tx, sheet))
