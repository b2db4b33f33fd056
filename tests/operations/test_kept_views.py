"""Long views, remembered for as long as nothing changes."""

from survey_service.operations.kept_views import KeptViews
from survey_service.reports.national.view import View
from tests.national import cycle, five

BEFORE, NOW = cycle([five(1, 2, 3, 4, 5)]), cycle([five(5, 4, 3, 2, 1)])


def _views() -> list[View]:
    return [View("claims", "Claims", [], [], 0)]


def test_the_same_is_reckoned_once_until_something_changes() -> None:
    kept = KeptViews()
    once = kept.views(1, BEFORE, "id", _views)

    again = kept.views(1, BEFORE, "id", _views)
    other = kept.views(1, BEFORE, "en", _views)
    elsewhere = kept.views(2, BEFORE, "id", _views)
    changed = kept.views(1, NOW, "id", _views)

    assert again is once
    assert len({id(one) for one in (once, other, elsewhere, changed)}) == 4
    assert kept.views(2, BEFORE, "id", _views) is elsewhere
    assert kept.views(1, NOW, "en", _views) is not other


def test_what_was_looked_at_long_ago_is_forgotten() -> None:
    kept = KeptViews(most=2)
    first, second = (kept.views(1, NOW, asked, _views) for asked in ("a", "b"))

    kept.views(1, NOW, "a", _views)
    kept.views(1, NOW, "c", _views)

    assert kept.views(1, NOW, "a", _views) is first
    assert kept.views(1, NOW, "b", _views) is not second
