"""A list that takes longer than a moment: watched, left, come back to, cancelled and started again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.people import Person
from tests.browser.serving import Service

pytestmark = pytest.mark.browser

COUNT = 8000


@pytest.fixture(
    params=[
        pytest.param(("id", 1280, True), id="id-desk"),
        pytest.param(("en", 360, True), id="en-phone"),
        pytest.param(("id", 360, False), id="id-phone-without-script"),
    ]
)
def sari(
    request: pytest.FixtureRequest, playwright: Playwright, empty: Service, tmp_path: Path
) -> Iterator[Person]:
    language, width, script = request.param
    person = Person(
        playwright, empty, tmp_path / "sari", language=language, width=width, script=script
    )
    person.sign_in("demo-ministry", empty.password)
    yield person
    person.context.close()
    assert not person.wrong, "\n".join(person.wrong)


def test_a_long_list_is_followed_to_its_end(sari: Person, tmp_path: Path) -> None:
    top = sari.page.request.get("/api/v1/organisations").json()["items"][0]["name"]
    rows = "".join(f"Unit {n},unit,{f'Unit {n - 1}' if n else top}\n" for n in range(COUNT))
    (tmp_path / "list.csv").write_text(f"name,kind,parent\n{rows}")
    page = sari.page
    page.goto("/organisations")
    page.locator("input[type=file]").set_input_files(tmp_path / "list.csv")
    page.locator("form[enctype] button").first.click()
    page.locator("form[action='/organisations/import'] button").click()
    state = page.locator("#progress strong")
    expect(state).to_have_text(sari.say("job_state.running").capitalize(), timeout=30_000)
    sari.look()
    sari.go("/")
    page.locator(".notice a[href='/jobs']").click()
    sari.look()
    page.locator("td a").first.click()
    page.locator("form[action$='/cancellation'] button").click()
    page.locator("td a").first.click()
    expect(state).to_have_text(sari.say("job_state.cancelled").capitalize())
    sari.look()
    page.locator("form[action$='/restart'] button").click()
    way = page.get_by_role("button", name=sari.say("job.organisations.way"))

    expect(way).to_be_visible(timeout=120_000)  # the page follows by itself

    expect(state).to_have_text(sari.say("job_state.done").capitalize())
    sari.look()
    way.click()
    expect(page.locator("main table")).to_contain_text("Unit 1")
