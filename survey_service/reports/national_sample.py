"""A made-up release of a cycle, with everything that a national report can tell, to see templates by."""

import datetime as dt
from collections.abc import Iterator

from msgspec import structs

from survey_service.analysis.publications import Earlier
from survey_service.analysis.release_changes import changes
from survey_service.analysis.releases import Edition, Release, Row, row_of, told_of
from survey_service.conduct.assessment import Organisation
from survey_service.conduct.cycles import Window
from survey_service.conduct.life import Stage
from survey_service.i18n import translate
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import score
from survey_service.reports.national.coverage import Course, Day
from survey_service.reports.national_paper import National
from survey_service.reports.sample import answered

_MANY = 12
_CODE = "AAAAA-AAAAA-AAAAA"
_HANDED_IN = (3, 6, 4)  # on three days, a week from one to the next
_FINAL = (0, 5, 7)
_WEEK = dt.timedelta(days=7)


def national_sample(
    questionnaire: Questionnaire,
    digest: str,
    at: dt.datetime,
    language: str,
    source: str,
    *,
    is_published: bool,
) -> National:
    """Return the national report on a cycle that nobody ran.

    Args:
        questionnaire: What it asked.
        digest: Of the questionnaire's file.
        at: The moment of everything in it.
        language: Of the words in it.
        source: The text of the questionnaire's file.
        is_published: Whether it is published, and as a correction; else it is a draft.
    """
    cycle = translate("Example cycle", language)
    then, now = (tuple(_rows(questionnaire, language, moved)) for moved in (0, 1))
    figures, _ = told_of(questionnaire, now)
    before = Release(cycle, questionnaire, digest, source.encode(), _MANY, then, ())
    release = Release(cycle, questionnaire, digest, source.encode(), _MANY, now, tuple(figures))
    words = translate("An example, made up to see the template.", language)
    edition = Edition(2, "0" * 64, words, changes(before, release))
    return National(
        structs.replace(release, edition=edition) if is_published else release,
        translate("Example ministry", language),
        at,
        {"final": _MANY, "draft": 1, "": 1},
        _CODE if is_published else "",
        "https://example.org" if is_published else "",
        Earlier(cycle, {one.id: one.index for one in then if one.index is not None}),
        _course(at),
        is_published,
    )


def _rows(questionnaire: Questionnaire, language: str, moved: int) -> Iterator[Row]:
    """Yield organisations whose answers are uneven, and `moved` a place on from one cycle to the next."""
    kinds = [one.code for one in questionnaire.kinds] or ["regency"]
    name = translate("Example agency", language)
    for number in range(_MANY):
        of = Organisation(number + 1, f"{name} {number + 1}", kinds[number % len(kinds)])
        asked = questionnaire.for_kind(of.kind)
        own = {
            code: answer
            for place, (code, one) in enumerate(asked.indicators.items())
            if (answer := answered(asked, one, place + number * (1 + moved))) is not None
        }
        card = score(asked, own, official=True, profile=Profile(of.kind, {}))
        yield row_of(of, questionnaire, card, own)


def _course(at: dt.datetime) -> Course:
    """Return three days, a week from one to the next, and the last days of two stages."""
    last = at.date()
    days = tuple(
        Day(last - (2 - week) * _WEEK, handed_in, final)
        for week, (handed_in, final) in enumerate(zip(_HANDED_IN, _FINAL, strict=True))
    )
    begun = last - 4 * _WEEK
    windows: dict[Stage, Window] = {
        "self": Window(begun, last - _WEEK),
        "external": Window(begun, last),
    }
    return Course(days, windows, _MANY + 2)
