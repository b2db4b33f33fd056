"""Every answer with what supports it and what was said about it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from survey_service.conduct.evidence import Evidence
from survey_service.conduct.remarks import Remark
from survey_service.i18n import NOTHING, translate
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile, facts
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator, Node
from survey_service.reports.answers import SHORT, Said, said
from survey_service.reports.record import Judged, Record

T = TypeVar("T", Evidence, Remark)


class Answered(Struct, frozen=True):
    """An indicator with its answer in words, the note, the evidence, and what was said about it.

    `reasons` are those of later stages, with the stage each.
    """

    indicator: Indicator
    said: Said
    note: str
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether it is little enough to be kept on one page."""
        texts = [
            *self.said.meaning,
            self.note,
            *(f"{one.name}{one.url or one.digest}" for one in self.evidence),
            *(words for _, words in self.reasons),
            *(one.text + one.answer for one in self.remarks),
        ]
        return sum(map(len, texts)) + 60 * len(texts) <= SHORT


Section = tuple[Node, list[Answered]]


def sections(
    questionnaire: Questionnaire,
    given: tuple[Mapping[str, Answer], Mapping[str, str], Profile],
    stages: Sequence[Judged],
    record: Record | None,
    language: str,
) -> list[Section]:
    """Return every node, in the order of the questionnaire, with the answers that hang on it.

    Args:
        questionnaire: As the organisation is asked it.
        given: The answers that count, the notes beside them, and whose they are.
        stages: What each stage makes of them.
        record: What lies beside them; None where only the answers are known.
        language: Of words and numbers.
    """
    answers, notes, profile = given
    unasked = facts(questionnaire, answers, profile, official=False).unasked
    evidence = _by_indicator(() if record is None else record.evidence)
    remarks = _by_indicator(() if record is None else record.remarks)

    def answered(indicator: Indicator) -> Answered:
        code = indicator.code
        return Answered(
            indicator,
            _unasked(language)
            if code in unasked
            else said(questionnaire, indicator, answers.get(code), language),
            notes.get(code, ""),
            tuple(one for one in evidence.get(code, ()) if one.removed_at is None),
            tuple((one.stage, words) for one in stages if (words := one.reasons.get(code))),
            tuple(remarks.get(code, ())),
        )

    return [
        (node, [answered(one) for one in node.indicators])
        for node in questionnaire.all_nodes.values()
    ]


def _unasked(language: str) -> Said:
    words = translate("Not asked: its condition does not hold for this organisation.", language)
    return Said(NOTHING, "", (words,))


def _by_indicator(found: Iterable[T]) -> dict[str | None, list[T]]:
    grouped: dict[str | None, list[T]] = {}
    for one in found:
        grouped.setdefault(one.indicator, []).append(one)
    return grouped
