"""Links to hand over where there is no mail: with name and expiry, as one file, and anew for many."""

import base64
import io
import re

from httpx import Response
from python_calamine import CalamineWorkbook

from survey_service.store.database import Database, Reader
from survey_service.store.tables import metadata
from tests.accounts import invited_dina, token_in
from tests.country import As, Client, Country
from tests.web.test_pages import post


def _links(page: Response) -> list[str]:
    return re.findall(r"http\S+(/password/[\w-]+)", page.text)


def _file(page: Response) -> list[list[str]]:
    found = re.search(r'href="data:[^"]+;base64,([^"]+)" download="links.xlsx"', page.text)
    assert found is not None
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(base64.b64decode(found[1])))
    return [[str(cell) for cell in row] for row in workbook.get_sheet_by_index(0).to_python()]


async def test_links_are_made_anew_for_all_who_never_came_in(
    client: Client, country: Country
) -> None:
    first = await invited_dina(client, country)
    await invited_dina(client, country, login="eka", name="Eka")
    client.cookies.set("session", "administrator@Agency")

    made = await post(client, "/people/links", all="on")

    links, rows = _links(made), _file(made)
    assert rows[0][1] == "Name to sign in with"
    named = {row[1]: row for row in rows[1:]}
    assert {"dina", "eka"} < set(named)
    assert (
        "evaluator@Agency" not in named
    )  # whom an administrator below the top does not look after
    assert {row[5].rpartition("/password/")[2] for row in rows[1:]} == {
        link.rpartition("/")[2] for link in links
    }
    assert all(re.search(r" \d{4} \d\d:\d\d ", row[6]) for row in rows[1:])
    assert (await client.get(f"/password/{token_in(first)}")).status_code == 410
    assert {(await client.get(link)).status_code for link in links} == {200}


async def test_links_are_made_anew_for_those_chosen(client: Client, country: Country) -> None:
    dina = await invited_dina(client, country)
    eka = await invited_dina(client, country, login="eka", name="Eka")
    client.cookies.set("session", "administrator@Agency")
    listed = await client.get("/people")
    chosen, stranger = dina["account"]["id"], country.people["charlie"].id

    made = await post(
        client, "/people/links", {f"person.{chosen}": "on", f"person.{stranger}": "on"}
    )
    nobody = await post(client, "/people/links", {"person.x": "on"})

    assert f'name="person.{chosen}"' in listed.text
    assert len(_links(made)) == 1
    assert (await client.get(f"/password/{token_in(eka)}")).status_code == 200
    assert "No link was made" in nobody.text


async def test_no_link_is_kept_in_clear(client: Client, country: Country, db: Database) -> None:
    invited = await invited_dina(client, country)
    path = f"/people/{invited['account']['id']}/link"
    made = await As(client, "administrator@Agency")(
        "POST", path, expects=201, headers={"Idempotency-Key": "one"}
    )
    client.cookies.set("session", "administrator@Agency")
    page = await post(client, "/people/links", all="on")
    secrets = [token_in(invited), token_in(made), *(one[-43:] for one in _links(page))]

    def everything(tx: Reader) -> str:
        return repr([tx.execute(table.select()).all() for table in metadata.sorted_tables])

    kept = await db.read(everything)

    assert "dina" in kept
    assert len(secrets) > 2
    assert [one for one in secrets if one in kept] == []
