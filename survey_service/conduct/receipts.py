"""What was handed in, told by one digest: whoever has the answers can work it out again."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from survey_service.conduct.assessment import Assessment, Response
from survey_service.conduct.evidence import Evidence


def digest(
    assessment: Assessment, own: Mapping[str, Response], evidence: Iterable[Evidence]
) -> str:
    """Return the SHA-256 of what an agency hands in, in hex.

    It is that of the JSON list of the assessment's id, the questionnaire's digest, each answer with
    its indicator, note and revision, and the indicator, name and digest or address of each piece of
    evidence that is attached; the latter two in their order.
    """
    answers = [[one.indicator, one.answer, one.note, one.revision] for one in own.values()]
    attached = [
        [one.indicator, one.name, one.digest or one.url or ""]
        for one in evidence
        if one.removed_at is None
    ]
    answers.sort(key=lambda one: str(one[0]))
    said = [assessment.id, assessment.digest, answers, sorted(attached)]
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()
