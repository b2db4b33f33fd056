"""A ministry's and an administrator's pages without script: cycles, organisations, people, standings."""

import re
from typing import Any

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.i18n import NOTHING
from survey_service.web.pages import cycles as cycle_pages
from tests.country import As, Country
from tests.samples import TINY
from tests.web.test_pages import post

Client = AsyncTestClient[Litestar]
DAYS = {
    "opens.self": "2020-01-01", "closes.self": "2040-01-01",
    "opens.external": "2020-01-01", "closes.external": "2040-01-01",
}  # fmt: skip
PLAN = {"name": "RB 2026", "questionnaire": "two-dimensions@1", "kind.regency": "on", **DAYS}


@pytest.fixture
async def pages(client: Client, country: Country) -> Client:
    """Return the client with a ministry signed in, above the Agency and the Office."""
    _as(client, "ministry@Agency")
    return client


def _as(client: Client, login: str) -> None:
    client.cookies.set("session", login)


def _seen(page: Response) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]*)"', page.text)
    assert found is not None
    return found[1]


async def _upload(client: Client, path: str, content: bytes, name: str = "list.csv") -> Response:
    return await client.post(path, files={"file": (name, content, "text/csv")})


def _hidden(page: Response, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page.text)
    assert found is not None
    return found[1].replace("&#34;", '"').replace("&amp;", "&")


async def test_a_cycle_is_planned_changed_and_opened(pages: Client) -> None:
    empty = await pages.get("/cycles")
    wrong = await post(pages, "/cycles", {**PLAN, "closes.self": "2019-01-01"})
    no_day = await post(pages, "/cycles", {**PLAN, "closes.self": "soon"})
    half = await post(pages, "/cycles", {**PLAN, "opens.internal": "2020-01-01"})
    no_name = await post(pages, "/cycles", {**PLAN, "name": " "})
    planned = await post(pages, "/cycles", PLAN)
    form = await pages.get(f"{planned.url.path}/edit")
    changed = await post(pages, planned.url.path, {**PLAN, "name": "RB 2027", "seen": _seen(form)})
    stale = await post(pages, planned.url.path, {**PLAN, "name": "RB 2028", "seen": _seen(form)})
    opened = await post(pages, f"{planned.url.path}/opening", x="x")

    assert "None is planned yet" in empty.text
    assert wrong.status_code == no_day.status_code == half.status_code == no_name.status_code == 422
    assert "days of the self-assessment: its last day is before its first" in wrong.text
    assert "days of the internal review: write both its first and its last day" in half.text
    assert "is not a name" in no_name.text
    assert 'value="RB 2026"' in wrong.text
    assert "1 organisation takes part" in planned.text
    assert 'value="2020-01-01"' in form.text
    assert "RB 2027" in changed.text
    assert stale.status_code == 409
    assert 'value="RB 2028"' in stale.text
    assert '<span class="badge">open</span>' in opened.text


async def test_a_coordinator_begins_in_a_cycle_and_the_ministry_follows(
    pages: Client,
) -> None:
    planned = await post(pages, "/cycles", PLAN)
    await post(pages, f"{planned.url.path}/opening", x="x")
    _as(pages, "alice")
    home = await pages.get("/")
    page = await pages.get(planned.url.path)
    board = await pages.get(f"{planned.url.path}/board")
    begun = await post(pages, "/assessments", cycle=planned.url.path.rpartition("/")[2])
    again = await pages.get(planned.url.path)
    _as(pages, "ministry@Agency")
    narrowed = await pages.get(f"{planned.url.path}?state=draft")
    none = await pages.get(f"{planned.url.path}?state=none")

    assert "Begin in the cycle RB 2026" in home.text
    assert "Begin your assessment" in page.text
    assert "Nothing is compared yet" in board.text
    assert board.text.count("<figure") == 1
    assert begun.url.path.endswith("/parts/merit")
    assert "To your assessment" in again.text
    assert ">Agency</a>" in narrowed.text
    assert ">Agency" not in none.text


@pytest.mark.parametrize(
    ("path", "topic"),
    [("/", "fill-in"), ("/cycles", "cycle"), ("/people", "lists"), ("/reports", "reports")],
)
async def test_help_opens_at_the_job_of_the_page(pages: Client, path: str, topic: str) -> None:
    page, told = (await pages.get(path)).text, (await pages.get("/help")).text

    assert f'href="/help/{topic}"' in page
    assert f'href="/help/{topic}"' in told


async def test_whoever_sets_up_a_country_is_led_until_all_is_done(pages: Client) -> None:
    first = (await pages.get("/")).text
    planned = await post(pages, "/cycles", PLAN)
    then = (await pages.get("/")).text
    await post(pages, f"{planned.url.path}/opening", x="x")
    _as(pages, "alice")
    team = (await pages.get("/")).text
    await post(pages, "/assessments", cycle=planned.url.path.rpartition("/")[2])
    _as(pages, "ministry@Agency")
    last = (await pages.get("/")).text

    words = "From an empty service to the first result"
    assert words in first
    assert "opening the cycle fixes the version" in first
    assert (first.count('<li class="done">'), then.count('<li class="done">')) == (3, 4)
    assert words not in team + last


async def test_home_tells_a_ministry_how_far_its_open_cycles_are(
    pages: Client, country: Country
) -> None:
    both = {f"organisation.{country.organisations[name]}": "on" for name in ("Agency", "Office")}
    planned = await post(pages, "/cycles", {**PLAN, **both})
    before = await pages.get("/")
    await post(pages, f"{planned.url.path}/opening", x="x")
    _as(pages, "alice")
    await post(pages, "/assessments", cycle=planned.url.path.rpartition("/")[2])
    _as(pages, "ministry@Agency")
    home = await pages.get("/")
    _as(pages, "ministry@Elsewhere")
    elsewhere = await pages.get("/")

    assert "not begun" not in before.text
    for state, words in (("none", "not begun"), ("draft", "being filled in")):
        assert f'{planned.url.path}?state={state}"><strong>1</strong> {words}' in home.text
    assert "RB 2026" not in elsewhere.text


async def _evaluated(pages: Client, country: Country) -> str:
    """Return the path of a cycle in which the Agency is final, and scored lower than it said."""
    planned = await post(pages, "/cycles", PLAN)
    cycle = planned.url.path
    await post(pages, f"{cycle}/opening", x="x")
    alice, evaluator = As(pages, "alice"), As(pages, "evaluator@Agency")
    made: dict[str, Any] = await alice(
        "POST", "/assessments", {"cycle": int(cycle.rpartition("/")[2])}, expects=201
    )
    path = f"/assessments/{made['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 4)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await evaluator("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    await evaluator.answer(path, "A", 2, "no minutes", "external")
    await evaluator("POST", f"{path}/acceptance", {"stage": "external"}, expects=201)
    await evaluator("POST", f"{path}/steps", {"step": "finalise"}, expects=201)
    return cycle


async def test_the_board_compares_and_its_tables_are_taken_along(
    pages: Client, country: Country
) -> None:
    cycle = await _evaluated(pages, country)
    agency = country.organisations["Agency"]

    board = await pages.get(f"{cycle}/board?organisation={agency}")
    table = await pages.get(f"{cycle}/tables/verified?form=csv")
    workbook = await pages.get(f"{cycle}/tables/peers?form=xlsx&organisation={agency}")
    nothing = await pages.get(f"{cycle}/tables/nothing")

    assert board.text.count("<svg") == 7
    assert "1 organisation is compared" in board.text
    assert table.text.removeprefix("\ufeff").splitlines()[1].startswith("Agency,4,")
    assert workbook.content.startswith(b"PK")
    assert nothing.status_code == 404


async def test_an_attribute_that_may_be_read_in_two_ways_is_chosen_beside_the_field(
    pages: Client, country: Country
) -> None:
    top = str(country.organisations["Country"])
    new = {"name": "Bureau", "kind": "unit", "parent": top, "attributes": "size: 120.000\nno: 0012"}

    refused = await post(pages, "/organisations", new)
    await post(pages, "/organisations", new, reading="120.000=120000")
    found = (await pages.get("/api/v1/organisations?kind=unit")).json()["items"]

    assert refused.status_code == 422
    assert 'name="reading" value="120.000=120000"' in refused.text
    assert 'name="reading" value="120.000=120"' in refused.text
    assert [one["attributes"] for one in found if one["name"] == "Bureau"] == [
        {"size": 120000, "no": "0012"}
    ]


async def test_organisations_are_added_and_changed_on_what_was_seen(
    pages: Client, country: Country
) -> None:
    top = str(country.organisations["Country"])
    new = {
        "name": "Bureau",
        "kind": "unit",
        "parent": top,
        "attributes": "size: 12",
        "active": "on",
    }
    added = await post(pages, "/organisations", new)
    twice = await post(pages, "/organisations", new)
    path = f"/organisations/{_id(added, 'Bureau')}"
    form = await pages.get(path)
    changed = await post(
        pages, path, {**new, "name": "Office 2", "active": "", "seen": _seen(form)}
    )
    stale = await post(pages, path, {**new, "name": "Office 3", "seen": _seen(form)})
    blank = await pages.get("/organisations/new")

    assert twice.status_code == 409
    assert 'value="Bureau"' in twice.text
    assert "size: 12" in form.text
    assert "deactivated" in changed.text
    assert stale.status_code == 409
    assert "Add an organisation" in blank.text


def _id(page: Response, name: str) -> str:
    found = re.search(rf'href="/\w+/(\d+)">{name}<', page.text)
    assert found is not None
    return found[1]


def _confirmed(page: Response) -> dict[str, str]:
    return {"list": _hidden(page, "list"), "seen": _hidden(page, "seen")}


async def test_a_list_of_organisations_is_previewed_and_taken_in(pages: Client) -> None:
    row = b"name,kind,parent\nX,city,Country\n"
    wrong = await _upload(pages, "/organisations/preview", b"name,kind\n\n\nX,empire\n")
    no_list = await _upload(pages, "/organisations/preview", b"\xff\xfe")
    seen = await _upload(pages, "/organisations/preview", row)
    before = (await pages.get("/organisations")).text
    done = await post(pages, "/organisations/import", _confirmed(seen))
    again = await _upload(pages, "/organisations/preview", row)
    nothing = await post(pages, "/organisations/import", list="999", seen="")
    after = (await pages.get("/organisations")).text

    assert "line 4" in wrong.text
    assert "the kind of X is not known: “empire”" in wrong.text
    assert 'name="seen"' not in wrong.text
    assert no_list.status_code == 422
    assert "1 organisation would change" in seen.text
    assert ">X<" not in before
    assert ">X<" in after
    assert "1 organisation changed" in done.text
    assert "It changes nothing" in again.text
    assert nothing.status_code == 404


async def test_a_preview_shows_each_field_before_and_after_and_survives_another_language(
    pages: Client, country: Country
) -> None:
    await _upload(pages, "/organisations/preview", b"x")
    first = await _upload(pages, "/organisations/preview", b"name;staff;active\nOffice;12;tidak\n")
    await post(pages, "/organisations/import", _confirmed(first))

    seen = await _upload(pages, "/organisations/preview", b"Nama;Kode;Jenis\nOFFICE;0012;badan\n")
    here = re.search(r'name="here" value="([^"]*)"', seen.text)
    indonesian = await pages.get(f"/organisations/lists/{_hidden(seen, 'list')}?lang=id")
    await post(pages, "/organisations/import", _confirmed(indonesian))
    found = (await pages.get(f"/api/v1/organisations/{country.organisations['Office']}")).json()

    assert "Kind: <del>work unit</del> → <ins>body</ins>" in seen.text
    assert f"kode: <del>{NOTHING}</del> → <ins>0012</ins>" in seen.text
    assert "Active" not in seen.text
    assert "staff" not in seen.text
    assert here is None or "/organisations/lists/" in here[1]
    assert "Jenis: <del>unit kerja</del> → <ins>lembaga</ins>" in indonesian.text
    assert (found["active"], found["attributes"]) == (False, {"kode": "0012", "staff": 12})


async def test_a_list_is_undone_as_a_whole_while_nobody_has_changed_it_since(
    pages: Client, country: Country
) -> None:
    rows = b"name;kind;parent;staff\nDesk;unit;Office;\nOffice;body;;12\n"
    seen = await _upload(pages, "/organisations/preview", rows)
    path = f"/organisations/lists/{_hidden(seen, 'list')}"
    done = await post(pages, "/organisations/import", _confirmed(seen))
    listed = await pages.get("/organisations")
    undone = await post(pages, f"{path}/undoing", x="x")
    twice = await post(pages, f"{path}/undoing", x="x")
    found = (await pages.get("/api/v1/organisations")).json()["items"]

    assert "Undo the whole list" in done.text
    assert f'href="{path}"' in listed.text
    assert "imported, and undone" in undone.text
    assert twice.status_code == 409
    told = {one["name"]: (one["kind"], one["active"], one["attributes"]) for one in found}
    assert told["Office"] == ("unit", True, {})
    assert told["Desk"] == ("unit", False, {})


async def test_a_list_is_not_undone_over_what_somebody_changed_since(pages: Client) -> None:
    seen = await _upload(pages, "/organisations/preview", b"name;staff\nOffice;12\n")
    await post(pages, "/organisations/import", _confirmed(seen))
    later = await _upload(pages, "/organisations/preview", b"name;staff\nOffice;13\n")
    await post(pages, "/organisations/import", _confirmed(later))

    refused = await post(pages, f"/organisations/lists/{_hidden(seen, 'list')}/undoing", x="x")

    assert refused.status_code == 409
    assert "“Office” was changed after this list was imported" in refused.text


async def test_a_list_that_would_do_something_else_by_now_is_shown_anew(pages: Client) -> None:
    seen = await _upload(pages, "/organisations/preview", b"name;staff\nOffice;12\n")
    other = await _upload(pages, "/organisations/preview", b"name;staff\nOffice;13\n")
    await post(pages, "/organisations/import", _confirmed(other))

    stale = await post(pages, "/organisations/import", _confirmed(seen))
    done = await post(pages, "/organisations/import", _confirmed(stale))

    assert stale.status_code == 409
    assert "staff: <del>13</del> → <ins>12</ins>" in stale.text
    assert "1 organisation changed" in done.text


@pytest.mark.parametrize(("said", "added"), [("same", False), ("another", True)])
async def test_what_resembles_another_one_is_asked_about(
    pages: Client, country: Country, said: str, *, added: bool
) -> None:
    rows = b"name;kind;parent;staff\nOfice;unit;Agency;3\n"
    asked = await _upload(pages, "/organisations/preview", rows)
    path = re.search(r'action="(/organisations/lists/\d+)/answers"', asked.text)
    assert path is not None
    unsaid = await post(pages, "/organisations/import", list=path[1].rpartition("/")[2])

    answered = await post(pages, f"{path[1]}/answers", {"row.2": said})
    await post(pages, "/organisations/import", _confirmed(answered))
    found = (await pages.get("/api/v1/organisations")).json()["items"]

    assert "the same as Office, below Agency" in asked.text
    assert unsaid.status_code == 409
    named = {one["name"]: one["attributes"] for one in found}
    assert ("Ofice" in named) is added
    assert named["Office"] == ({} if added else {"staff": 3})


async def test_an_agency_is_renamed_on_a_day_and_what_is_wrong_keeps_what_was_typed(
    pages: Client, country: Country
) -> None:
    path = f"/organisations/{country.organisations['Agency']}"
    step = {"kind": "rename", "on": "2024-10-21", "predecessors": "Agency", "successors": "Union"}

    form = await pages.get(path)
    wrong = await post(pages, f"{path}/succession", {**step, "kind": "merge"})
    no_day = await post(pages, f"{path}/succession", {**step, "on": "soon"})
    done = await post(pages, f"{path}/succession", step)
    before = await pages.get(path)

    assert "Merge, split or rename" in form.text
    assert wrong.status_code == no_day.status_code == 422
    assert ">Union</textarea>" in wrong.text
    assert "21 Oct 2024 · renaming" in done.text
    assert '<input name="name" maxlength="200" required value="Union">' in done.text
    assert "renaming" in before.text


async def test_who_of_a_split_agency_goes_where_is_asked_person_by_person(
    pages: Client, country: Country
) -> None:
    agency, alice = country.organisations["Agency"], country.people["alice"].id
    path = f"/organisations/{agency}"
    step = {"kind": "split", "on": "2024-10-21", "successors": "East\nWest"}

    asked = await post(pages, f"{path}/succession", {**step, "predecessors": "Agency"})
    office = country.organisations["Office"]
    placed = {
        "placed": "on",
        f"person.{alice}": "West",
        "person.x": "East",
        f"unit.{office}": "East",
    }
    await post(pages, f"{path}/succession", {**step, "predecessors": "Agency", **placed})
    people = (await pages.get("/api/v1/people")).json()["items"]

    unit = (await pages.get(f"/api/v1/organisations/{office}")).json()
    above = (await pages.get(f"/api/v1/organisations/{unit['parent_id']}")).json()
    assert f'name="person.{alice}"' in asked.text
    assert f'name="unit.{office}"' in asked.text
    assert above["name"] == "East"
    assert "<option>West</option>" in asked.text
    assert "Nothing is changed yet" in asked.text
    places = {one["login"]: one["organisation"] for one in people}
    assert (places["alice"], places["bob"]) == ("West", "Agency")


async def test_people_are_invited_changed_and_given_new_links(
    pages: Client, country: Country
) -> None:
    place = str(country.organisations["Agency"])
    new = {
        "login": "dewi",
        "name": "Dewi",
        "role": "respondent",
        "organisation": place,
        "email": "",
    }
    invited = await post(pages, "/people", new)
    twice = await post(pages, "/people", new)
    listed = await pages.get(f"/people?organisation={place}")
    path = f"/people/{_id(listed, 'Dewi')}"
    form = await pages.get(path)
    changed = await post(pages, path, {**new, "name": "Dewi S", "seen": _seen(form)})
    stale = await post(pages, path, {**new, "name": "Dewi T", "seen": _seen(form)})
    link = await post(pages, f"{path}/link", x="x")
    own = await post(
        pages, f"/people/{country.people['ministry@Agency'].id}/second-factor/removal", x="x"
    )
    removed = await post(pages, f"{path}/second-factor/removal", x="x")

    assert "/password/" in invited.text
    assert twice.status_code == 409
    assert 'value="dewi"' in twice.text
    assert "invited" in listed.text
    assert "Dewi S" in changed.text
    assert "deactivated" in changed.text  # the box was not ticked
    assert stale.status_code == 409
    assert "/password/" in link.text
    assert own.status_code == 409
    assert removed.url.path == path


async def test_a_list_of_people_becomes_invitations(pages: Client) -> None:
    head = b"login,name,role,organisation,email\n"
    wrong = await _upload(pages, "/people/preview", head + b"x,X,king,Agency,\n")
    no_list = await _upload(pages, "/people/preview", b"login\nx\n")
    seen = await _upload(
        pages, "/people/preview", head + b"x,X,evaluator,Country,\nalice,A,respondent,Agency,\n"
    )
    done = await post(pages, "/people/import", rows=_hidden(seen, "rows"))
    again = await _upload(pages, "/people/preview", head + b"x,X,evaluator,Country,\n")
    stale = await post(
        pages, "/people/import", rows='[{"login":"","name":"","role":"","organisation":""}]'
    )

    nul = await _upload(pages, "/people/preview", head + b"a\x00,X,evaluator,Country,\n")
    lines = await _upload(pages, "/people/preview", head + b'y,"X\nY",evaluator,Country,\n')

    assert nul.status_code == 400
    assert "not one line" in lines.text
    assert "there is no such role: “king”" in wrong.text
    assert no_list.status_code == 422
    assert "1 person would be invited" in seen.text
    assert "1 person is known already" in seen.text
    assert done.text.count("/password/") == 1
    assert "all are known already" in again.text
    assert "Nobody is invited" in stale.text


async def _invited(pages: Client, rows: bytes) -> tuple[str, Response]:
    """Return where a list of people is looked at, and what taking it in answers."""
    head = b"login,name,role,organisation\n"
    seen = await _upload(pages, "/people/preview", head + rows)
    list_id = _hidden(seen, "list")
    done = await post(pages, "/people/import", rows=_hidden(seen, "rows"), list=list_id)
    return f"/people/lists/{list_id}", done


async def test_a_list_of_people_is_undone_as_a_whole(pages: Client) -> None:
    path, done = await _invited(pages, b"x,X,evaluator,Country\ny,Y,evaluator,Country\n")
    taken_in, listed = await pages.get(path), await pages.get("/people")
    undone = await post(pages, f"{path}/undoing", x="x")
    twice = await post(pages, f"{path}/undoing", x="x")
    people = (await pages.get("/api/v1/people")).json()["items"]

    assert done.text.count("/password/") == 2
    assert "People invited: 2." in taken_in.text
    assert "Undo the whole list" in taken_in.text
    assert f'href="{path}"' in listed.text
    assert "imported, and undone" in undone.text
    assert twice.status_code == 409
    assert {one["login"]: one["active"] for one in people if one["login"] in "xy"} == {
        "x": False,
        "y": False,
    }


async def test_a_list_of_people_is_not_undone_over_an_account_that_was_changed(
    pages: Client, country: Country
) -> None:
    path, _ = await _invited(pages, b"x,X,evaluator,Country\ny,Y,evaluator,Country\n")
    people = (await pages.get("/api/v1/people")).json()["items"]
    changed = next(one["id"] for one in people if one["login"] == "x")
    page = await pages.get(f"/people/{changed}")
    place = str(country.organisations["Country"])
    form = {"name": "X Y", "role": "evaluator", "organisation": place, "active": "on"}
    await post(pages, f"/people/{changed}", form, seen=_hidden(page, "seen"))

    refused = await post(pages, f"{path}/undoing", x="x")
    people = (await pages.get("/api/v1/people")).json()["items"]

    assert refused.status_code == 409
    assert "X can no longer be undone" in refused.text
    assert all(one["active"] for one in people if one["login"] in "xy")


async def test_a_list_that_nobody_took_in_is_not_undone(pages: Client) -> None:
    head = b"login,name,role,organisation\n"
    seen = await _upload(pages, "/people/preview", head + b"x,X,evaluator,Country\n")

    refused = await post(pages, f"/people/lists/{_hidden(seen, 'list')}/undoing", x="x")
    nothing = await post(pages, "/people/lists/999/undoing", x="x")

    assert (refused.status_code, nothing.status_code) == (409, 404)


@pytest.mark.parametrize("typed", [" Dewi.S ", "Dewi.S\u00a0", "\u200bDewi.S"])
async def test_blanks_around_what_is_typed_to_invite_somebody_do_not_matter(
    pages: Client, country: Country, typed: str
) -> None:
    place = str(country.organisations["Country"])
    form = {"login": typed, "name": " Dewi Sartika ", "role": "evaluator", "organisation": place}

    invited = await post(pages, "/people", form, email=" dewi@mail.example ")
    again = await post(pages, "/people", form, login="dewi.s")

    assert "/password/" in invited.text
    assert again.status_code == 409  # capitals do not tell two names apart
    people = (await pages.get("/api/v1/people")).json()["items"]
    told = [(one["login"], one["name"], one["email"]) for one in people if "Dewi" in one["name"]]
    assert told == [("Dewi.S", "Dewi Sartika", "dewi@mail.example")]


async def test_a_preview_of_people_survives_another_language(pages: Client) -> None:
    rows = b"Nama masuk;Nama;Peran;Instansi\nx;X;evaluator;COUNTRY\n"
    seen = await _upload(pages, "/people/preview", rows)
    here = re.search(r"/people/lists/\d+", seen.text)
    assert here is not None

    indonesian = await pages.get(f"{here[0]}?lang=id")
    done = await post(pages, "/people/import", rows=_hidden(indonesian, "rows"))

    assert "1 person would be invited" in seen.text
    assert "1 orang" in indonesian.text
    assert done.text.count("/password/") == 1


async def test_a_list_of_organisations_has_names_of_one_line(pages: Client) -> None:
    seen = await _upload(pages, "/organisations/preview", b'name,kind,parent\n"A\nB",unit,Agency\n')

    assert "not one line" in seen.text


async def test_a_respondent_reads_who_is_there_and_changes_nobody(
    client: Client, country: Country
) -> None:
    _as(client, "respondent@Agency")

    listed = await client.get("/people")
    one = await client.get(f"/people/{country.people['bob'].id}")
    organisation = await client.get(f"/organisations/{country.organisations['Agency']}")

    assert "Invite somebody" not in listed.text
    assert "New link" not in one.text
    assert "<fieldset disabled>" in organisation.text


async def test_a_questionnaire_is_checked_compared_and_published(pages: Client) -> None:
    first = (TINY / "two_dimensions.yaml").read_text()
    second = first.replace('version: "1"', 'version: "2"').replace("weight: 60", "weight: 50")
    sent = {"file": ("two.yaml", second.encode(), "text/yaml")}
    seen = await pages.post("/questionnaires/preview", files=sent)
    done = await post(
        pages, "/questionnaires", content=_hidden(seen, "content"), file=_hidden(seen, "file")
    )
    compared = await pages.get("/questionnaires/two-dimensions/2?since=1")
    forged = await post(pages, "/questionnaires", content="?", file="x")

    assert "share of the index from" in seen.text
    assert done.url.path == "/questionnaires/two-dimensions/2"
    assert "What differs from 1" in compared.text
    assert forged.status_code == 400


async def test_a_questionnaire_that_contradicts_itself_cannot_be_published(pages: Client) -> None:
    broken = (TINY / "two_dimensions.yaml").read_text()
    broken = broken.replace('version: "1"', 'version: "3"').replace("from: 3", "from: 30")
    other = (TINY / "two_dimensions.yaml").read_text() + "# changed\n"

    found = await pages.post("/questionnaires/preview", files={"file": ("a.yaml", broken.encode())})
    taken = await pages.post("/questionnaires/preview", files={"file": ("a.yaml", other.encode())})
    none = await pages.post("/questionnaires/preview", files={"x": (None, b"")})

    assert found.status_code in {200, 422}
    assert 'name="content"' not in found.text
    assert taken.status_code == 409
    assert "No file was chosen" in none.text


async def test_all_mistakes_of_a_file_are_shown_at_once(pages: Client) -> None:
    text = (TINY / "crosswalk_new.yaml").read_text()
    many = text.replace('version: "1"', "version: 1").replace(
        "number: {}", "number: {digits: 2}", 1
    )
    astray = text.replace("old@1", "two-dimensions@1").replace('version: "1"', 'version: "7"')

    shown = await pages.post("/questionnaires/preview", files={"file": ("a.yaml", many.encode())})
    led = await pages.post("/questionnaires/preview", files={"file": ("b.yaml", astray.encode())})

    assert shown.status_code == 422
    assert "<code>version</code>: error: expected str, found int" in shown.text
    assert "error: this key is not known; check its spelling" in shown.text
    assert 'name="content"' not in shown.text
    assert "the crosswalk points to the indicator 3, which does not exist" in led.text


async def test_of_many_who_take_part_a_page_shows_some_and_one_is_found_by_name(
    pages: Client, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = await _evaluated(pages, country)
    form = await pages.get(f"{cycle}/edit")
    both = {f"organisation.{country.organisations[name]}": "on" for name in ("Agency", "Office")}
    await post(pages, cycle, {**PLAN, **both, "seen": _seen(form)})
    monkeypatch.setattr(cycle_pages, "_FOLLOWED", 1)
    monkeypatch.setattr(cycle_pages, "_ROWS", 1)
    monkeypatch.setattr(cycle_pages, "_OFFERED", 0)

    first = await pages.get(cycle)
    second = await pages.get(f"{cycle}?state=&start=1")
    board = await pages.get(f"{cycle}/board")
    found = await pages.get(f"{cycle}/board?name=agen")
    nobody = await pages.get(f"{cycle}/board?name=nobody")

    assert ("Agency<" in first.text, "Office<" in first.text) == (True, False)
    assert "start=1" in first.text
    assert ("Agency<" in second.text, "Office<" in second.text) == (False, True)
    assert "From the beginning" in second.text
    assert "The first 1 of 2; the files have them all." in board.text
    assert '<input type="search" name="name"' in board.text
    assert "Agency among 0 peers" in found.text
    assert "No organisation that is compared has this name." in nobody.text
