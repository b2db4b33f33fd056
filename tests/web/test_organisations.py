"""Organisations over the API: the part of the tree that is one's own."""

from typing import Any

import pytest

from tests.country import As, Client, Country
from tests.workbooks import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _unit(country: Country, **more: object) -> dict[str, Any]:
    return {
        "name": "Health",
        "kind": "unit",
        "parent_id": country.organisations["Agency"],
        **more,
    }


async def _names(who: As, query: str = "") -> list[str]:
    return [one["name"] for one in (await who("GET", f"/organisations{query}"))["items"]]


async def test_everybody_sees_their_own_organisation_and_those_below_it(
    client: Client, country: Country
) -> None:
    assert set(await _names(As(client, "ministry@Agency"))) == {"Country", "Agency", "Office"}
    assert set(await _names(As(client, "alice"))) == {"Agency", "Office"}
    assert await _names(As(client, "alice"), "?kind=unit") == ["Office"]
    elsewhere = country.organisations["Elsewhere"]
    await As(client, "alice")("GET", f"/organisations/{elsewhere}", expects=404)


async def test_an_organisation_is_added_changed_and_deactivated(
    client: Client, country: Country
) -> None:
    administrator = As(client, "administrator@Agency")

    added = await administrator("POST", "/organisations", _unit(country), expects=201)
    path = f"/organisations/{added['id']}"
    tag = {"If-Match": (await administrator.ask("GET", path)).headers["ETag"]}
    wanted = _unit(country, name="Health office", active=False, attributes={"staff": 12})
    changed = await administrator("PUT", path, wanted, headers=tag)
    stale = await administrator("PUT", path, wanted, headers=tag, expects=409)

    assert (changed["name"], changed["active"]) == ("Health office", False)
    assert changed["attributes"] == {"staff": 12}
    assert stale["current"]["name"] == "Health office"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"name": "Office"}, 409, "name_taken"),
        ({"name": "OFFICE\u200b "}, 409, "name_taken"),
        ({"parent_id": None}, 404, "not_found"),
        ({"parent_id": 999}, 404, "not_found"),
        ({"kind": "village"}, 400, "invalid_body"),
        ({"name": "Health\noffice"}, 400, "invalid_body"),
        ({"name": "Health office\n"}, 400, "invalid_body"),
        ({"name": " "}, 422, "invalid_name"),
        ({"name": ""}, 400, "invalid_body"),
        ({"attributes": {"a": "x" * 10_001}}, 400, "invalid_body"),
    ],
)
async def test_an_organisation_has_its_place(
    client: Client, country: Country, more: dict[str, Any], status: int, code: str
) -> None:
    refused = await As(client, "administrator@Agency")(
        "POST", "/organisations", _unit(country, **more), expects=status
    )

    assert refused["title"] == code


async def test_nothing_stands_below_itself(client: Client, country: Country) -> None:
    ministry, ids = As(client, "ministry@Agency"), country.organisations
    path = f"/organisations/{ids['Agency']}"
    tag = {"If-Match": (await ministry.ask("GET", path)).headers["ETag"]}
    wanted = {"name": "Agency", "kind": "regency"}

    refused = await ministry(
        "PUT", path, {**wanted, "parent_id": ids["Office"]}, headers=tag, expects=409
    )
    foreign = await ministry(
        "PUT", path, {**wanted, "parent_id": ids["Abroad"]}, headers=tag, expects=404
    )

    assert (refused["title"], foreign["title"]) == ("below_itself", "not_found")
    await As(client, "alice")("POST", "/organisations", _unit(country), expects=403)


async def test_a_list_is_previewed_and_taken_in_within_ones_own_part_of_the_tree(
    client: Client, country: Country
) -> None:
    administrator, path = As(client, "administrator@Agency"), "/organisations/import"
    listed = workbook(
        [["name", "kind", "parent"], ["Office", "body", "Agency"], ["Health", "unit", "Agency"]]
    )
    xlsx, csv = {"Content-Type": XLSX}, {"Content-Type": "text/csv"}
    strange = b"name,kind,parent\nElsewhere,city,\nTop,city,\nHealth,unit,Abroad\nAgency,city,\n"

    preview = await administrator("POST", path, content=listed, headers=xlsx)
    before = await _names(administrator)
    taken = await administrator("POST", f"{path}?apply=true", content=listed, headers=xlsx)
    after = await _names(administrator)
    refused = await administrator("POST", f"{path}?apply=true", content=strange, headers=csv)

    assert preview == taken
    assert [(one["action"], one["after"]["name"]) for one in taken["changes"]] == [
        ("change", "Office"), ("add", "Health"),
    ]  # fmt: skip
    assert "Health" not in before
    assert "Health" in after
    assert [(one["line"], one["reason"]) for one in refused["misfits"]] == [
        (2, "elsewhere"), (3, "at_the_top"), (4, "no_parent"),
    ]  # fmt: skip
    await administrator("POST", path, content=b"x", headers={"Content-Type": "a/b"}, expects=415)
    await administrator("POST", path, content=b"PK\x03", headers=xlsx, expects=422)
    await As(client, "alice")("POST", path, content=listed, headers=xlsx, expects=403)


async def test_an_agency_is_split_and_its_people_go_where_that_is_said(
    client: Client, country: Country
) -> None:
    ministry, agency = As(client, "ministry@Agency"), country.organisations["Agency"]
    path = f"/organisations/{agency}/successions"
    alice = country.people["alice"].id
    split = {
        "kind": "split",
        "on": "2024-10-21",
        "predecessors": ["Agency"],
        "successors": ["East", "West"],
        "people": [{"person_id": alice, "successor": "West"}],
        "units": [{"organisation_id": country.organisations["Office"], "successor": "East"}],
    }

    one_only = {**split, "successors": ["East"]}
    refused = await ministry("POST", path, one_only, expects=422)
    key = {"Idempotency-Key": "split"}
    done = await ministry("POST", path, split, headers=key, expects=201)
    again = await ministry("POST", path, split, headers=key, expects=201)

    assert refused["title"] == "no_succession"
    assert done == again
    east, west = done["successors"]
    told = (await ministry("GET", path))["items"]
    assert [(one["kind"], one["on"], one["successor_id"]) for one in told] == [
        ("split", "2024-10-21", east),
        ("split", "2024-10-21", west),
    ]
    assert (await ministry("GET", f"/people/{alice}"))["organisation_id"] == west
    office = country.organisations["Office"]
    assert (await ministry("GET", f"/organisations/{office}"))["parent_id"] == east
