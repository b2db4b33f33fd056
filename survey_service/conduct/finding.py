"""Finding questions of an assessment: by words, and by how they stand."""

from collections.abc import Collection, Iterator
from typing import Literal, get_args

from msgspec import Struct

from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator

Mark = Literal["unanswered", "to_confirm", "mine", "without_evidence", "returned", "differs"]
MARKS: tuple[Mark, ...] = get_args(Mark)


class Question(Struct, frozen=True):
    """An indicator, what was noted on its answer, and how it stands."""

    indicator: Indicator
    note: str
    marks: frozenset[Mark]


def found(
    questionnaire: Questionnaire,
    questions: Collection[Question],
    words: str,
    marks: Collection[Mark],
) -> list[Question]:
    """Return the questions that have all the words somewhere, in any language, and all the marks."""
    wanted = words.casefold().split()
    return [
        one
        for one in questions
        if one.marks.issuperset(marks)
        and all(word in " ".join(_texts(questionnaire, one)).casefold() for word in wanted)
    ]


def _texts(questionnaire: Questionnaire, question: Question) -> Iterator[str]:
    """Yield everything that is written at a question."""
    indicator = question.indicator
    texts = [indicator.name, *indicator.evidence]
    if indicator.guidance is not None:
        texts.append(indicator.guidance)
    if indicator.answer_type == "level":
        texts += [
            one for level in questionnaire.levels(indicator).values() for one in level.criteria
        ]
    if indicator.answer_type == "option":
        texts += [one.text for one in questionnaire.options(indicator)]
    texts += [item.text for item in indicator.checklist]
    yield indicator.code
    yield question.note
    for text in texts:
        yield text.id
        yield text.en
