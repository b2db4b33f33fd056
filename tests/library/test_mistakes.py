"""Mistakes in the form of a file: all of them at once, each where it stands."""

from decimal import Decimal

import msgspec
import pytest

from survey_service import i18n
from survey_service.errors import DocumentError
from survey_service.errors.questionnaires import CheckFailedError
from survey_service.library import documents, mistakes, questionnaires
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.versions import found
from tests.samples import TINY

FIVE = b"""code: a b
version: 1
name: x
nodes: [{code: A, name: {id: n, en: n}, weigth: 3, indicators: [{code: Y, name: {id: y, en: y}, number: {decimals: 12}}]}]
"""
DETAILS = {"expected": "x", "found": "y", "message": "z"}
RIGHT = (TINY / "two_dimensions.yaml").read_text()


def _told(text: bytes | str) -> list[tuple[str, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    located = questionnaires.findings(documents.read(content, "q.yaml"))
    return [(one.key, one.finding.code) for one in located]


def test_all_mistakes_are_told_at_once() -> None:
    assert _told(FIVE) == [
        ("code", "pattern"),
        ("version", "type"),
        ("name", "type"),
        ("nodes[0].weigth", "unknown"),
        ("nodes[0].indicators[0].number.decimals", "bound"),
    ]
    with pytest.raises(CheckFailedError) as refused:
        questionnaires.load(documents.read(FIVE, "q.yaml"))
    assert refused.value.details["count"] == 5


def test_one_mistake_alone_is_told_as_before() -> None:
    one = RIGHT.replace("weight: 60", "weight: heavy")

    with pytest.raises(DocumentError) as refused:
        questionnaires.load(documents.read(one.encode(), "q.yaml"))

    assert refused.value.details["key"] == "nodes[0].weight"


@pytest.mark.parametrize(
    ("was", "becomes", "key", "reason"),
    [
        ("weight: 60", "combine: cubic", "nodes[0].combine", "choice_of"),
        (
            "version:",
            "rounding: {at: [leaves], digits: 2}\nversion:",
            "rounding.at[0]",
            "choice_of",
        ),
        ("version:", "rounding: {at: [], digits: 2}\nversion:", "rounding.at", "bound"),
        ("version:", "rounding: {digits: 2}\nversion:", "rounding.at", "missing"),
        ("version:", "rounding: 2\nversion:", "rounding", "type"),
        ("weight: 60", "by_kind: {a b: 3}", "nodes[0].by_kind.a b", "pattern"),
        ("weight: 60", "by_kind: {a: b}", "nodes[0].by_kind.a", "no_decimal"),
        ("weight: 60", "nodes: 3", "nodes[0].nodes", "type"),
    ],
)
def test_a_mistake_is_told_where_it_stands(was: str, becomes: str, key: str, reason: str) -> None:
    assert (key, reason) in _told(RIGHT.replace(was, becomes, 1))


def test_choices_are_listed() -> None:
    (one,) = questionnaires.findings(
        documents.read(RIGHT.replace("weight: 60", "combine: cubic").encode(), "q.yaml")
    )

    assert found(one.finding, "en") == (
        "error: 'cubic' is not one of mean, geometric, harmonic, minimum, weakest_link, lookup, flat, none"
    )
    assert "bukan salah satu dari mean" in found(one.finding, "id")


def test_the_file_as_a_whole_is_named() -> None:
    (one,) = questionnaires.findings(documents.read(b"[1, 2]", "q.yaml"))

    assert (one.key, one.finding.code) == ("questionnaire", "type")


def test_what_nobody_knows_leaves_the_rest_to_be_checked() -> None:
    text = RIGHT.replace("weight: 60", "weigth: 60").replace("{code: A,", "{cod: 1, code: A,")

    told = _told(text)

    assert ("nodes[0].weigth", "unknown") in told
    assert ("nodes[0].indicators[0].cod", "unknown") in told
    assert ("nodes[0].code", "weight_missing") in told


def test_a_file_that_is_all_wrong_is_told_up_to_a_limit() -> None:
    many = {f"key{n}": Decimal(n) for n in range(1000)}

    assert len(mistakes.mistakes_in(many, Questionnaire)) == mistakes.MOST


def test_what_the_types_allow_is_no_mistake() -> None:
    values = documents.read(RIGHT.encode(), "q.yaml").values

    assert mistakes.mistakes_in(values, Questionnaire) == []
    assert mistakes.mistakes_in([1, 2], int | str)[0].reason == "type"


def test_every_reason_is_worded_in_both_languages() -> None:
    for reason in ("pattern", "type", "unknown", "missing", "bound", "choice_of", "other"):
        for language in i18n.LANGUAGES:
            words = i18n.said_of(reason, language, DETAILS, ["finding", "problem"])
            assert words != reason


def test_a_published_questionnaire_is_read_whatever_is_found_since() -> None:
    later = (TINY / "combining.yaml").read_text().replace("D C: D+, ", "").encode()
    broken = RIGHT.replace("ladder: five", "ladder: ten").encode()

    read = questionnaires.published(documents.read(later, "q.yaml"))

    assert read.code == "combining"
    with pytest.raises(CheckFailedError):
        questionnaires.load(documents.read(later, "q.yaml"))
    with pytest.raises(CheckFailedError):
        questionnaires.published(documents.read(broken, "q.yaml"))


def test_a_refusal_is_a_finding_as_well() -> None:
    with pytest.raises(DocumentError) as refused:
        documents.read(b"a: [", "q.yaml")

    located = questionnaires.refusal(refused.value)

    assert (located.file, located.line, located.finding.code) == ("q.yaml", 2, "syntax")
    assert msgspec.json.encode(located)
