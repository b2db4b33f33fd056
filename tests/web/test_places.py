"""Organisations in the order of their names, sought and chosen without script, also where they are many."""

import re

import pytest
from httpx import Response

from survey_service.conduct.organisations import Listed, Organised
from survey_service.errors.writing import WhichOrganisationError
from survey_service.operations.organisations import enter
from survey_service.store.database import Database, Writer
from survey_service.web.pages.places import told_apart
from tests.country import Client, Country
from tests.web.test_pages import post

MANY = 60


def _one(id_: int, name: str, parent: int | None) -> Organised:
    return Organised(id_, name, "unit", parent, {}, active=True, second_factor=False)


PLACES = told_apart(
    [
        _one(1, "Kabupaten A", None),
        _one(2, "Kabupaten B", None),
        _one(3, "Dinas Kesehatan", 1),
        _one(4, "Dinas Kesehatan", 2),
        _one(5, "Seksi", 3),
        _one(6, "Seksi", 4),
    ]
)


def test_organisations_of_one_name_are_told_apart() -> None:
    assert PLACES.called == {
        1: "Kabupaten A",
        2: "Kabupaten B",
        3: "Kabupaten A / Dinas Kesehatan",
        4: "Kabupaten B / Dinas Kesehatan",
        5: "Seksi (no. 5)",
        6: "Seksi (no. 6)",
    }


@pytest.mark.parametrize("id_", PLACES.called)
def test_what_an_organisation_is_called_to_choose_it_chooses_it(id_: int) -> None:
    assert PLACES.id_of(PLACES.called[id_]) == id_
    assert PLACES.id_of(str(id_)) == id_
    assert PLACES.written(id_) == PLACES.called[id_]


def test_a_name_is_known_whatever_its_case_and_none_is_nothing() -> None:
    assert PLACES.id_of(" KABUPATEN  a ") == 1
    assert PLACES.id_of("") == 0
    assert PLACES.written("0") == ""
    assert PLACES.written("Kabup") == "Kabup"


@pytest.mark.parametrize("name", ["Dinas Kesehatan", "Kabupaten C"])
def test_a_name_that_is_nobodys_or_several_is_asked_for_again(name: str) -> None:
    with pytest.raises(WhichOrganisationError):
        PLACES.id_of(name)


@pytest.fixture
async def many(client: Client, country: Country, db: Database) -> Client:
    """Return a client of the ministry, below which there are many organisations."""

    def add(tx: Writer) -> None:
        for number in range(MANY, 0, -1):
            enter(tx, Listed(f"Dinas {number}", "unit"), country.organisations["Agency"])
        enter(tx, Listed("dinas 7a", "unit"), country.organisations["Agency"])

    await db.write(add)
    client.cookies.set("session", "ministry@Agency")
    client.headers["Accept-Language"] = "en"
    return client


def _names(page: str) -> list[str]:
    return re.findall(r'<td><a href="/organisations/[0-9]+">([^<]*)</a>', page)


async def test_organisations_are_in_the_order_in_which_people_look_for_them(many: Client) -> None:
    names = _names((await many.get("/organisations")).text)

    assert names[:5] == ["Agency", "Country", "Dinas 1", "Dinas 2", "Dinas 3"]
    assert names[names.index("Dinas 7") + 1] == "dinas 7a"
    assert names[-1] == "Office"


async def test_organisations_are_sought_by_name(many: Client) -> None:
    found = (await many.get("/organisations?name=DINAS 7")).text
    nothing = (await many.get("/organisations?name=Nowhere")).text

    assert _names(found) == ["Dinas 7", "dinas 7a"]
    assert "2 organisations" in found
    assert "Nothing matches." in nothing


async def _invite(client: Client, login: str, place: str) -> Response:
    return await post(client, "/people", login=login, name="N", role="auditor", organisation=place)


async def test_where_there_are_many_a_name_is_typed_and_completed(
    many: Client, country: Country
) -> None:
    page = (await many.get("/people")).text

    invited = await _invite(many, "new.one", "dinas 12")
    wrong = await _invite(many, "x", "Dinas 99")
    listed = (await many.get("/people?organisation=Dinas 12")).text

    assert '<input name="organisation" list="organisation-places"' in page
    assert '<option value="Dinas 12"></option>' in page
    assert invited.status_code == 200
    assert wrong.status_code == 422
    assert 'value="Dinas 99"' in wrong.text
    assert "new.one" in listed
    assert "inspector@Agency" not in listed


async def test_who_takes_part_is_sought_among_many_and_what_is_ticked_stays(
    many: Client, country: Country
) -> None:
    office = country.organisations["Office"]
    typed = {"name": "Cycle 2030", f"organisation.{office}": "on", "find": "dinas 7", "look": "on"}

    page = (await many.get("/cycles/new")).text
    found = await post(many, "/cycles", typed)

    assert "Dinas 7<" not in page
    assert "Find some of" in page
    assert found.status_code == 200
    assert 'value="Cycle 2030"' in found.text
    shown = re.findall(
        r"<span>([^<]*)</span> <input type=\"checkbox\" name=\"organisation", found.text
    )
    assert shown == ["Dinas 7", "dinas 7a", "Office"]
    assert f'name="organisation.{office}" checked' in found.text
