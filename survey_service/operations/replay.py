"""Whether the trail accounts for what stands in the tables, and whether its triggers stand."""

from survey_service.conduct.replay import Difference, differences, replayed
from survey_service.store import audit, replay, triggers
from survey_service.store.database import Reader


def unaccounted(tx: Reader) -> list[Difference]:
    """Return what stands otherwise than the trail says, and the triggers that do not stand."""
    lifted = [Difference("trigger", name, None) for name in triggers.missing(tx)]
    return [*lifted, *differences(replayed(audit.entries(tx)), replay.facts(tx))]
