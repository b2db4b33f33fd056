"""Agencies merged, split and renamed: who follows, what goes over, and what stays with whom it was."""

import datetime as dt
from decimal import Decimal

import pytest
from msgspec import structs

from survey_service.conduct.assessment import Draft
from survey_service.conduct.successions import SuccessionKind
from survey_service.errors import NotFoundError
from survey_service.errors.writing import NoSuccessionError, WhichOrganisationError
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, organisations, responses, successions
from survey_service.operations.organisations import Placed
from survey_service.operations.successions import Wanted
from survey_service.store import audit, people
from survey_service.store import organisations as stored
from survey_service.store.database import Database
from tests.country import Country, settle

ON = dt.date(2024, 10, 21)


@pytest.fixture
async def country(db: Database) -> Country:
    """Settle a country, with a Bureau beside the Agency, which has answered before."""
    country = await settle(db)
    ministry, agency = country.people["ministry@Agency"], country.organisations["Agency"]
    bureau = Placed("Bureau", "body", country.organisations["Country"])
    await db.write(organisations.add, ministry, bureau)
    alice = country.people["alice"]
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")
    await db.write(responses.save_response, alice, opened.id, "A", Draft(Answer(level=4)))
    assert alice.organisation_id == agency
    return country


def _wanted(kind: SuccessionKind, before: str, after: str) -> Wanted:
    return Wanted(kind, ON, tuple(before.split(", ")), tuple(after.split(", ")))


async def _succeeded(db: Database, country: Country, wanted: Wanted) -> list[int]:
    who, agency = country.people["ministry@Agency"], country.organisations["Agency"]
    return await db.write(successions.succeed, who, agency, wanted)


@pytest.mark.parametrize(("kind", "before"), [("merge", "agency, Bureau"), ("rename", "Agency")])
async def test_where_one_follows_people_and_units_go_over_to_it(
    db: Database, country: Country, kind: SuccessionKind, before: str
) -> None:
    (union,) = await _succeeded(db, country, _wanted(kind, before, "Union"))

    tree = await db.read(stored.standings)
    agency, alice = country.organisations["Agency"], country.people["alice"]
    assert not tree[agency].listed.active
    assert tree[union].listed.parent == "Country"
    assert tree[country.organisations["Office"]].parent_id == union
    assert (await db.read(people.own_account, alice.id)).organisation_id == union
    told = await db.read(successions.history, country.people["ministry@Agency"], union)
    assert {(one.kind, one.on, one.successor) for one in told} == {(kind, ON, "Union")}
    assert told[0].predecessor == "Agency"


async def test_results_stay_with_whom_they_were_and_the_series_shows_them(
    db: Database, country: Country
) -> None:
    alice = country.people["alice"]
    (union,) = await _succeeded(db, country, _wanted("merge", "Agency, Bureau", "Union"))
    (league,) = await _renamed(db, country, union)
    follows = structs.replace(alice, organisation_id=league)

    opened = await db.write(assessments.open_assessment, follows, "two-dimensions@1")
    sheet = await db.read(assessments.view, follows, opened.id)
    earlier = await db.read(assessments.before, follows, sheet)

    assert earlier is not None
    assert earlier.assessment.organisation.name == "Agency"
    assert earlier.answers["A"] == Answer(level=4)
    await db.write(responses.save_response, follows, opened.id, "A", Draft(Answer(level=2)))
    ministry = country.people["ministry@Agency"]
    trend = await db.read(assessments.compared, ministry, opened.id, earlier.assessment.id)
    assert [trend.before, trend.after] == [Decimal(4), Decimal(2)]


async def _renamed(db: Database, country: Country, union: int) -> list[int]:
    who = country.people["ministry@Agency"]
    return await db.write(successions.succeed, who, union, _wanted("rename", "Union", "League"))


async def test_of_a_split_people_and_units_stay_to_be_placed_by_hand(
    db: Database, country: Country
) -> None:
    first, second = await _succeeded(db, country, _wanted("split", "Agency", "Bureau, Second"))

    tree = await db.read(stored.standings)
    assert tree[first].listed.name == "Bureau"
    assert tree[second].listed.kind == tree[country.organisations["Agency"]].listed.kind
    assert tree[country.organisations["Office"]].parent_id == country.organisations["Agency"]


async def test_people_of_a_split_go_over_where_that_is_wanted_and_sign_in_anew(
    db: Database, country: Country
) -> None:
    alice, bob = country.people["alice"], country.people["bob"]
    wanted = _wanted("split", "Agency", "Bureau, Second")

    staff = await db.read(
        successions.to_place,
        country.people["ministry@Agency"],
        country.organisations["Agency"],
        wanted,
    )
    placed = structs.replace(wanted, people={alice.id: "SECOND"})
    _, second = await _succeeded(db, country, placed)

    assert {"alice", "bob"} <= {one.login for one in staff.people}
    assert (await db.read(people.own_account, alice.id)).organisation_id == second
    assert (await db.read(people.own_account, bob.id)).organisation_id == bob.organisation_id


async def test_units_of_a_split_go_over_where_that_is_wanted(
    db: Database, country: Country
) -> None:
    ministry, agency = country.people["ministry@Agency"], country.organisations["Agency"]
    archive = await db.write(organisations.add, ministry, Placed("Archive", "unit", agency))
    office = country.organisations["Office"]
    wanted = _wanted("split", "Agency", "Bureau, Archive")

    asked = await db.read(successions.to_place, ministry, agency, wanted)
    first, _ = await _succeeded(db, country, structs.replace(wanted, units={office: "bureau"}))

    assert [one.name for one in asked.units] == ["Office"]  # what follows goes nowhere
    tree = await db.read(stored.standings)
    assert (tree[office].parent_id, tree[archive.id].parent_id) == (first, agency)


@pytest.mark.parametrize(
    ("unit", "place", "error"),
    [("Elsewhere", "Second", NotFoundError), ("Office", "Third", WhichOrganisationError)],
)
async def test_no_unit_goes_over_that_is_not_of_it_nor_to_what_does_not_follow(
    db: Database, country: Country, unit: str, place: str, error: type[Exception]
) -> None:
    wanted = _wanted("split", "Agency", "Bureau, Second")
    wanted = structs.replace(wanted, units={country.organisations[unit]: place})

    with pytest.raises(error):
        await _succeeded(db, country, wanted)

    tree = await db.read(stored.standings)
    assert tree[country.organisations["Office"]].parent_id == country.organisations["Agency"]


@pytest.mark.parametrize(
    ("login", "place", "error"),
    [("charlie", "Second", NotFoundError), ("alice", "Third", WhichOrganisationError)],
)
async def test_nobody_goes_over_who_is_not_of_it_nor_to_what_does_not_follow(
    db: Database, country: Country, login: str, place: str, error: type[Exception]
) -> None:
    wanted = _wanted("split", "Agency", "Bureau, Second")
    wanted = structs.replace(wanted, people={country.people[login].id: place})

    with pytest.raises(error):
        await _succeeded(db, country, wanted)

    assert country.organisations["Agency"] in await db.read(stored.standings)


@pytest.mark.parametrize(
    ("kind", "before", "after", "error"),
    [
        ("merge", "Agency", "Union", NoSuccessionError),
        ("merge", "Agency, Bureau", "Union, Second", NoSuccessionError),
        ("split", "Agency", "Union", NoSuccessionError),
        ("rename", "Agency, Bureau", "Union", NoSuccessionError),
        ("rename", "Bureau", "Union", NoSuccessionError),  # not the one that is open
        ("rename", "Agency", "AGENCY", NoSuccessionError),
        ("merge", "Agency, Country", "Union", NoSuccessionError),  # one's own
        ("merge", "Agency, Nothing", "Union", WhichOrganisationError),
    ],
)
async def test_what_is_no_succession_changes_nothing(
    db: Database,
    country: Country,
    kind: SuccessionKind,
    before: str,
    after: str,
    error: type[Exception],
) -> None:
    tree = await db.read(stored.standings)

    with pytest.raises(error):
        await _succeeded(db, country, _wanted(kind, before, after))

    assert await db.read(stored.standings) == tree


async def test_whoever_sees_but_one_of_two_is_not_told_of_the_other(
    db: Database, country: Country
) -> None:
    (union,) = await _succeeded(db, country, _wanted("rename", "Agency", "Union"))
    inside = structs.replace(country.people["administrator@Agency"], organisation_id=union)

    assert await db.read(successions.history, inside, union) == []


async def test_a_succession_is_recorded_with_those_that_follow(
    db: Database, country: Country
) -> None:
    (union,) = await _succeeded(db, country, _wanted("rename", "Agency", "Union"))

    entries = await db.read(lambda tx: [one.entry for one in audit.entries(tx)])
    assert [one.about for one in entries if one.action == "organisation.succeed"] == [
        f"organisations/{union}"
    ]
