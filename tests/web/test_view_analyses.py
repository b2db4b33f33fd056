"""How far a cycle's comparison can be believed: each view as a page and as JSON."""

import re
from decimal import Decimal

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.analysis.selection import Filters
from survey_service.operations.columns import KeptColumns
from survey_service.operations.national_analyses import ANALYSES, BELOW
from survey_service.operations.series import medians_of
from survey_service.store.database import Database
from tests.country import As, Country, settle_person
from tests.queries import noted
from tests.web.test_results import evaluated
from tests.web.test_views import MINISTRY, _cycle

Client = AsyncTestClient[Litestar]


@pytest.fixture
async def path(client: Client, country: Country) -> str:
    return await _cycle(client, country, "Agency", "Office")


async def _page(client: Client, who: str, path: str) -> str:
    client.cookies.set("session", who)
    answer = await client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("language", ["id", "en"])
async def test_every_view_says_what_it_lacks_where_nobody_or_only_one_has_a_result(
    client: Client, path: str, language: str
) -> None:
    client.cookies.set("session", MINISTRY)
    client.cookies.set("language", language)

    for evaluated_first in (False, True):
        if evaluated_first:
            await evaluated(client, int(path.rpartition("/")[2]))
        for view in (*ANALYSES, *BELOW):
            page = await client.get(f"{path}/views/{view}")
            read = await As(client, MINISTRY)("GET", f"{path}/views/{view}")
            assert (view, page.status_code) == (view, 200)
            assert all(len(row) == len(read["fields"]) for row in read["rows"])


async def test_the_seed_is_told_beside_the_ranks_and_gives_the_same_figures_again(
    client: Client, db: Database, country: Country, path: str
) -> None:
    cycle = int(path.rpartition("/")[2])
    await evaluated(client, cycle)
    await db.write(settle_person, "dora", "coordinator", country.organisations["Office"])
    dora = As(client, "dora")
    made = await dora("POST", "/assessments", {"cycle": cycle}, expects=201)
    for code in "ABCDE":
        await dora.answer(f"/assessments/{made['id']}", code, 3)
    await dora("POST", f"/assessments/{made['id']}/steps", {"step": "submit"}, expects=201)

    once = await As(client, MINISTRY)("GET", f"{path}/views/robustness")
    again = await As(client, MINISTRY)("GET", f"{path}/views/robustness")
    page = await _page(client, MINISTRY, f"{path}/views/robustness")

    assert once == again
    # 3.1 against 3: by most other weights and means the order is the other one
    assert [row[3:] for row in once["rows"]] == [[1, 1, 2, 2], [2, 1, 1, 2]]
    seed = re.search(r"Seed (\d+), 1,000 draws", once["words"])
    assert seed is not None
    assert seed[0] in page
    assert "<svg" in page


async def test_what_was_claimed_stands_beside_what_was_found(client: Client, path: str) -> None:
    await evaluated(client, int(path.rpartition("/")[2]))

    found = await As(client, MINISTRY)("GET", f"{path}/views/claims")
    each = await As(client, MINISTRY)("GET", f"{path}/views/claimants")
    page = await _page(client, MINISTRY, f"{path}/views/claims")

    rows = {row[0]: row[2:6] for row in found["rows"]}
    # five answers of levels 1 to 5: three and one too high, (75 + 25) / 5; the index 4 against 3.1
    assert [Decimal(str(cell)) for cell in rows["all answers"]] == [5, 2, 0, 20]
    assert [Decimal(str(cell)) for cell in rows["index"]] == [1, 1, 0, Decimal("22.5")]
    assert found["rows"][0][8] == "fewer than 20 checked: nothing is said"
    assert [row[0] for row in each["rows"]] == ["Agency"]
    assert "Claimed and verified, by organisation" in page
    assert "<td>22.5</td>" in page  # as in the sentence above it, and never 22.50


async def test_whom_to_check_first_is_for_those_alone_who_evaluate(
    client: Client, path: str
) -> None:
    alice = As(client, "alice")
    cycle = int(path.rpartition("/")[2])
    made = await alice("POST", "/assessments", {"cycle": cycle}, expects=201)
    its = f"/assessments/{made['id']}"
    for code in "ABCDE":
        await alice.answer(its, code, 5)
    link = {"name": "decree", "url": "https://example.go.id/decree"}
    await alice("POST", f"{its}/responses/A/evidence", link, expects=201)
    await alice("POST", f"{its}/steps", {"step": "submit"}, expects=201)

    found = await As(client, MINISTRY)("GET", f"{path}/views/checks")
    evaluators = await As(client, "evaluator@Agency")("GET", f"{path}/views/checks")

    assert found == evaluators
    ((name, place, _, state, count, reasons),) = found["rows"]
    assert (name, place, state, count) == ("Agency", 1, "handed in", 1)
    assert reasons == "high without evidence: B, C, D, E"
    for who in ("alice", "bob", "inspector@Agency", "administrator@Agency"):
        await As(client, who)("GET", f"{path}/views/checks", expects=404)
        assert "/views/checks" not in await _page(client, who, f"{path}/views/coverage")
    assert "/views/checks" in await _page(client, MINISTRY, f"{path}/views/coverage")


async def test_what_rose_without_anything_new_to_show_is_a_reason_in_the_next_cycle(
    client: Client, country: Country, path: str
) -> None:
    await evaluated(client, int(path.rpartition("/")[2]))  # A at 1, B at 3
    later = await _cycle(client, country, "Agency")
    alice = As(client, "alice")
    made = await alice(
        "POST", "/assessments", {"cycle": int(later.rpartition("/")[2])}, expects=201
    )
    its = f"/assessments/{made['id']}"
    before = await alice("GET", f"{its}/responses")
    seen = {one["indicator"]: one["revision"] for one in before["items"]}
    for code in "ABCDE":
        await alice.answer(its, code, 3, seen=seen.get(code, 0))
    await alice("POST", f"{its}/steps", {"step": "submit"}, expects=201)

    found = await As(client, MINISTRY)("GET", f"{later}/views/checks")

    assert found["rows"][0][5] == "rose by half the scale or more with nothing new to show: A"


async def test_a_series_has_an_organisations_cycles_and_nobody_elses(
    client: Client, country: Country, path: str
) -> None:
    await evaluated(client, int(path.rpartition("/")[2]))
    agency = country.organisations["Agency"]

    found = await As(client, "alice")("GET", f"{path}/views/series?organisation={agency}")
    whole = await As(client, MINISTRY)("GET", f"{path}/views/series")
    page = await _page(client, MINISTRY, f"{path}/views/series?organisation={agency}")

    assert [(row[0], row[4]) for row in found["rows"]] == [("Agency", "3.100000")]
    assert [(row[3], row[4]) for row in whole["rows"]] == [(1, "3.100000")]
    assert f'<option value="{agency}" selected>Agency</option>' in page
    charlie = As(client, "charlie")
    await charlie("GET", f"{path}/views/series?organisation={agency}", expects=404)
    elsewhere = country.organisations["Elsewhere"]
    await As(client, "alice")("GET", f"{path}/views/series?organisation={elsewhere}", expects=404)


async def test_whom_one_sees_is_asked_once_for_all_the_cycles_of_a_series(
    client: Client, db: Database, country: Country, path: str
) -> None:
    assert path != await _cycle(client, country, "Agency", "Office")
    inspector = country.people["inspector@Agency"]

    with noted() as statements:
        await db.read(medians_of, inspector, KeptColumns(), Filters(), "en")

    assert len([one for one in statements if one.endswith("SELECT below.id \nFROM below")]) == 1


async def test_a_view_below_another_one_is_found_by_its_own_address_and_marked_as_its_part(
    client: Client, path: str
) -> None:
    page = await _page(client, MINISTRY, f"{path}/views/weightings")

    assert "<h1>Agreement with other ways to decide</h1>" in page
    assert 'views/robustness?" aria-current="page"' in page
