"""Speed as ratios within one run: `make bench`, or some of it: `make bench PARTS="scoring storing"`.

These machines are noisy, so every figure stands beside a baseline measured in the same minute,
and none is asserted. The goals are those of the project's issues. A part that fails says so, and
where, the others follow, and at the end it exits with 1.
"""

import argparse
import asyncio
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import (
    country,
    jobs,
    log,
    pages,
    planning,
    reading,
    reports,
    results,
    running,
    scoring,
    statistics,
    store,
    verifying,
    workbooks,
)
from tests.benchmarks.http import Saving
from tests.samples import FLAGSHIP


def main() -> None:
    parts = {part.__name__.strip("_"): part for part in _PARTS}
    reading = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    reading.add_argument("parts", nargs="*", metavar="PART", help=", ".join(parts))
    names = reading.parse_args().parts
    if unknown := [name for name in names if name not in parts]:
        reading.error(f"no such part: {', '.join(unknown)}; there are {', '.join(parts)}")
    with tempfile.TemporaryDirectory() as folder:
        done = [_measured(name, parts[name], Path(folder)) for name in names or parts]
    sys.exit(not all(done))


def _measured(name: str, part: Callable[[Path], None], folder: Path) -> bool:
    """Print a part; return whether it could be measured."""
    try:
        part(folder)
    except Exception as error:  # noqa: BLE001 - a part that fails says so, and the others follow
        print(f"{name:44} failed: {error!r}", flush=True)
        traceback.print_exc()
        return False
    return True


def _working(_: Path) -> None:
    written, scored = workbooks.writing()
    _tell("writing zona-integritas as a workbook", written, "ms", goal="-")
    _tell("scoring the same answers", scored, "ms", goal="-")
    _tell("reading that workbook", workbooks.reading(), "ms", goal="-")


def _scoring(_: Path) -> None:
    _tell("scoring the flagship", scoring.flagship(), "ms", goal="at most 2 ms")
    _tell("recommending on it", scoring.recommending(), "ms", goal="-")
    reference, largest = scoring.largest()
    _tell(f"scoring {reference}", largest, "ms", goal="at most 3 ms")
    _tell("loading the library, cold", scoring.library_cold(), "s", goal="at most 1.5 s")
    together, single = scoring.many()
    goal = "at least 20 000/s"
    _ratio("spbe@2020.59, many at once", together, "one by one", single, "/s", goal)


def _planning(_: Path) -> None:
    _tell("plan on the flagship", planning.flagship(), "ms", goal="at most 60 ms")
    goal = "at most 400 ms"
    _tell("plan on zona-integritas, conditions", planning.conditional(), "ms", goal=goal)
    _tell("plan over 400 indicators", planning.many(), "ms", goal="at most 2 000 ms")
    _tell("plan over three years", planning.three_years(), "s", goal="at most 5 s")


def _analysing(_: Path) -> None:
    ours, plain = statistics.robust()
    _tell("600 agencies, 10,000 draws", ours, "s", goal="at most 2 s")
    _ratio("the same, for 100 draws", ours / 100, "by numpy, draw by draw", plain, " s", "-")
    _tell("ranks of 20,000, 200 draws", statistics.many(), "s", goal="-")
    for what, taken in statistics.views().items():
        _tell(f"20,000 units, {what}", taken, "ms", goal="-")


def _looking(folder: Path) -> None:
    _look(folder / "looking", "SQLite")


def _looking_on_a_server(folder: Path) -> None:
    _look(folder / "looking_on_a_server", "PostgreSQL")


def _look(folder: Path, engine: country.Engine) -> None:
    with country.generated(folder, engine) as database:
        for one in asyncio.run(country.views(database)):
            goal = "p95 at most 2 s" if one.view == "robustness" else "p95 at most 50 ms"
            what = f"{one.view} of 20,000, {engine}"
            _ratio(what, one.ours, "plainest SQL", one.plain, " ms", goal)
            _ratio("the same after a change", one.after, "plainest SQL", one.plain, " ms", goal)
        made = country.everything(folder, database)
        what, goal = f"100,000 as Parquet, {engine}", "at most 30 s"
        _ratio(what, made.seconds, "fetching the same", made.plain, " s", goal)
        _tell("the memory of that, at the most", made.megabytes, "MB", goal="at most 400 MB")


def _storing(folder: Path) -> None:
    groups, each = asyncio.run(store.groups_against_each(folder))
    _ratio("saves in groups", groups, "one transaction each", each, "/s", "at least 4")


def _saving(folder: Path) -> None:
    http = Saving(folder / "http").measure()
    goal = "at least 0.22"
    _ratio("HTTP saves, on disk", http.saves, "empty handler", http.empty, "/s", goal)
    _ratio("a team of 8 in one assessment", http.team, "empty handler", http.empty, "/s", "-")
    print(f"of the team's saves, lost {http.lost}, goal: 0")


def _reading(folder: Path) -> None:
    empty, *others = reading.costs(folder / "reading")
    for one in others:
        what, goal = f"{one.what}, {one.cpu:.2f} ms of CPU", reading.GOALS.get(one.what, "-")
        _ratio(what, one.rate, f"empty {empty.cpu:.2f} ms", empty.rate, "/s", goal)


def _fetching(folder: Path) -> None:
    kept, static = reading.downloads(folder / "fetching")
    _ratio("cached download", kept, "its file as a static one", static, "/s", "at least 0.5")


def _results(folder: Path) -> None:
    for units, naive, goal in ((600, True, "at most 60 ms"), (20_000, False, "at most 400 ms")):
        found = asyncio.run(results.board(folder, units, naive=naive))
        _tell(f"board of {units} units, CPU", found.board, "ms", goal=goal)
        if found.naive is not None:
            _ratio("the same", found.board, "scoring them all", found.naive, "ms", "-")
    for name, file in (("flagship", FLAGSHIP), ("zona-integritas", results.ZONA)):
        kept, bare = asyncio.run(results.counting(folder, file))
        goal = "at least 0.9"
        _ratio(f"saves that keep count, {name}", kept, "without", bare, "/s", goal)


def _weighing(folder: Path) -> None:
    weighed = pages.light(folder / "pages")
    _tell("first visit of the fill-in page", weighed.first, "kB", goal="at most 150 kB")
    _tell("the page after it", weighed.later, "kB", goal="at most 30 kB")
    rendered = asyncio.run(pages.questions(folder))
    _tell("every question of zona-integritas", rendered, "ms", goal="at most 60 ms")
    _tell("an answer's round trip", weighed.answer, "ms", goal="at most 100 ms")


def _reporting(_: Path) -> None:
    ours, bare = asyncio.run(reports.ours_against_bare())
    _ratio("report in a worker", ours, "bare WeasyPrint", bare, " s", "at most 1.15")
    made = asyncio.run(reports.many())
    _tell("reports a minute of one worker", made.rate, "", goal="-")
    after = f"after {reports.FEW}"
    what = f"held by it after {reports.MANY} reports"
    _ratio(what, made.many, after, made.few, " MB", "at most 1.2")


def _verifying(_: Path) -> None:
    cpu, bare, name, dearest = verifying.costs()
    _ratio("verify a report, CPU", cpu, "loading PDF and YAML", bare, "s", "at most 2 s")
    _tell(f"the dearest tampering, {name}", dearest, "s", goal="at most 2 s")


def _sharing(folder: Path) -> None:
    made = jobs.reports(folder / "sharing")
    what, others = (
        f"one report for {jobs.ASKING} at once",
        f"somebody's beside another's {jobs.OTHERS}",
    )
    _ratio(what, made.twenty, "for one", made.one, " s", "at most 1.5")
    _ratio(others, made.waiting, "alone", made.one, " s", "at most 3")


def _importing(folder: Path) -> None:
    taken = jobs.importing(folder / "importing")
    _tell(f"preview of {jobs.ORGANISATIONS} organisations", taken.preview, "s", goal="-")
    _tell("taking them in, beside saves", taken.whole, "s", goal="-")
    _tell("its longest transaction", taken.longest, "ms", goal="at most 100 ms")
    _ratio("99 of 100 saves beside it", taken.beside, "alone", taken.alone, " ms", "at most 300 ms")


def _logging(folder: Path) -> None:
    log.tell(folder, _ratio, _tell)


def _running(folder: Path) -> None:
    empty = running.nothing(folder / "nothing")
    found = running.started(folder / "running")
    base = "a service that does nothing"
    _ratio("started, to the first /ready", found.seconds, base, empty, " s", "at most 1.5 s")
    _tell("held when started, all processes", found.fresh, "MB", goal="-")
    _tell("held after work of every kind", found.worked, "MB", goal="-")
    _tell("held when reports have rested", found.idle, "MB", goal="at most 200 MB")
    for what, taken in running.commands().items():
        _tell(f"survey-service {what}, CPU", taken, "ms", goal="-")


def _tell(what: str, value: float, unit: str, *, goal: str) -> None:
    print(f"{what:44} {value:10.2f} {unit:4}  goal: {goal}", flush=True)


def _ratio(what: str, value: float, base: str, against: float, unit: str, goal: str) -> None:
    ratio = value / against
    told = f"{base} {against:.2f}{unit}: {ratio:.3f}, goal: {goal}"
    print(f"{what:44} {value:10.2f}{unit:4}  {told}", flush=True)


_PARTS: tuple[Callable[[Path], None], ...] = (
    _scoring,
    _planning,
    _working,
    _analysing,
    _looking,
    _looking_on_a_server,
    _storing,
    _saving,
    _reading,
    _fetching,
    _results,
    _weighing,
    _reporting,
    _verifying,
    _sharing,
    _importing,
    _logging,
    _running,
)

if __name__ == "__main__":
    main()
