"""Steps that have no text of their own, told as one in pages and papers; the API's steps stay single."""

from collections.abc import Sequence

from survey_service.maturity.answer_types import Step
from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import Climb
from survey_service.maturity.conditions import Profile
from survey_service.maturity.roadmap import plan
from survey_service.maturity.schedule import Schedule
from survey_service.maturity.scoring import score
from survey_service.maturity.texts import Text
from survey_service.reports.actions import Ranked, actions
from survey_service.reports.record import Agreed
from survey_service.reports.roadmap import roadmap, stretches
from tests.samples import LIBRARY, load

SPIP = load(LIBRARY / "spip" / "2021.5.yaml").for_kind("regency")
REGENCY = Profile("regency")
LOWEST = {
    code: Answer(level=1) for code, one in SPIP.indicators.items() if one.answer_type == "level"
}
CARD = score(SPIP, LOWEST, official=True, profile=REGENCY)
TWO, THREE, FOUR = (Answer(level=level) for level in (2, 3, 4))


def _climb(code: str, before: Answer, after: Answer, step: Step | None = None) -> Climb:
    return Climb(code, before, after, 5, step)


def test_steps_without_a_text_that_follow_one_another_are_one() -> None:
    first, second = _climb("A", TWO, THREE), _climb("A", THREE, FOUR)

    (one,) = stretches([(first, 1), (second, 1)], [])

    assert (one.before, one.after, one.effort, one.climbs) == (TWO, FOUR, 10, (first, second))


def test_steps_stay_apart_where_something_tells_them_apart() -> None:
    first, second = _climb("A", TWO, THREE), _climb("A", THREE, FOUR)
    other = _climb("B", THREE, FOUR)
    told = _climb("A", THREE, FOUR, Step(Text("Lakukan.", "Do it."), "team", 1))

    assert len(stretches([(first, 1), (second, 2)], [])) == 2  # in another year
    assert len(stretches([(first, 1), (told, 1)], [])) == 2
    assert len(stretches([(first, 1), (other, 1), (second, 1)], [])) == 3
    assert len(stretches([(first, 1), (second, 1)], [("A", THREE)])) == 2  # settled between
    assert len(stretches([(first, 1), (second, 1)], [("A", FOUR)])) == 1


def _told(agreed: Sequence[Agreed]) -> list[tuple[str, str, str, list[str]]]:
    """Return the first steps of a paper: code, owner, mark now, and those of the answers asked for."""
    found = actions(SPIP, (LOWEST, REGENCY), CARD, agreed, "en")
    return [
        (one.advice.item.indicator.code, owner, one.advice.now.mark, _marks(one))
        for owner, each in found.first
        for one in each
    ]


def _marks(one: Ranked) -> list[str]:
    return [asked.mark for asked in one.advice.asked]


def test_a_paper_names_an_indicator_once_with_what_each_level_asks() -> None:
    planned = plan(SPIP, LOWEST, "2", profile=REGENCY)
    api = roadmap(SPIP, Schedule(planned, (1,) * len(planned.climbs)), "en")

    told = _told([])

    assert told == [("sasaran", "", "1", ["2", "3", "4", "5"]), ("strategi", "", "1", ["2"])]
    assert [one.indicator for one in api.steps] == ["sasaran"] * 4 + ["strategi"]


def test_what_is_settled_about_a_step_keeps_it_apart() -> None:
    told = _told([Agreed("sasaran", THREE, "Bureau")])

    assert told == [
        ("sasaran", "Bureau", "1", ["2", "3"]),
        ("sasaran", "", "3", ["4", "5"]),
        ("strategi", "", "1", ["2"]),
    ]
