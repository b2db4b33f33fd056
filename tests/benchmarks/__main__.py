"""Speed as ratios within one run: `make bench`.

These machines are noisy, so every figure stands beside a baseline measured in the same minute,
and none is asserted. The goals are those of the project's issues.
"""

import asyncio
import tempfile
from pathlib import Path

from tests.benchmarks import pages, reports, results, scoring, store
from tests.benchmarks.http import Saving
from tests.samples import FLAGSHIP


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _tell("scoring the flagship", scoring.flagship(), "ms", goal="at most 2 ms")
        _tell("recommending on it", scoring.recommending(), "ms", goal="-")
        reference, largest = scoring.largest()
        _tell(f"scoring {reference}", largest, "ms", goal="at most 3 ms")
        _tell("loading the library, cold", scoring.library_cold(), "s", goal="at most 1.5 s")
        together, single = scoring.many()
        goal = "at least 20 000/s"
        _ratio("spbe@2020.59, many at once", together, "one by one", single, "/s", goal)
        for units, naive, goal in (
            (600, True, "at most 60 ms of CPU"),
            (20_000, False, "at most 400 ms of CPU"),
        ):
            found = asyncio.run(results.board(Path(folder), units, naive=naive))
            _tell(f"board of {units} units, CPU", found.board, "ms", goal=goal)
            if found.naive is not None:
                _ratio("the same", found.board, "scoring them all", found.naive, "ms", "-")
        for name, file in (("flagship", FLAGSHIP), ("zona-integritas", results.ZONA)):
            kept, bare = asyncio.run(results.counting(Path(folder), file))
            _ratio(f"saves of {name}", kept, "without a count", bare, "/s", "at least 0.9")
        groups, each = asyncio.run(store.groups_against_each(Path(folder)))
        _ratio("saves in groups", groups, "one transaction each", each, "/s", "at least 4")
        saving = Saving(Path(folder) / "http")
        http = saving.measure()
        goal = "at least 0.12"
        _ratio("HTTP saves, on disk", http.saves, "empty handler", http.empty, "/s", goal)
        _ratio("a team of 8 in one assessment", http.team, "empty handler", http.empty, "/s", "-")
        print(f"of the team's saves, lost {http.lost}, goal: 0")
        weighed = pages.light(Path(folder) / "pages")
        _tell("first visit of the fill-in page", weighed.first, "kB", goal="at most 150 kB")
        _tell("the page after it", weighed.later, "kB", goal="at most 30 kB")
        rendered = asyncio.run(pages.questions(Path(folder)))
        _tell("every question of zona-integritas", rendered, "ms", goal="at most 60 ms")
        _tell("an answer's round trip", weighed.answer, "ms", goal="at most 100 ms")
        ours, bare = asyncio.run(reports.ours_against_bare())
        _ratio("report in a worker", ours, "bare WeasyPrint", bare, " s", "at most 1.25")


def _tell(what: str, value: float, unit: str, *, goal: str) -> None:
    print(f"{what:32} {value:10.2f} {unit:4}  goal: {goal}")


def _ratio(what: str, value: float, base: str, against: float, unit: str, goal: str) -> None:
    ratio = value / against
    print(f"{what:32} {value:10.2f}{unit:4}  {base} {against:.2f}{unit}: {ratio:.2f}, goal: {goal}")


main()
