"""The second factor: set up, asked for, required, replaced, and what helps who has lost it."""

import datetime as dt

import pyotp
import pytest

from survey_service import clock
from survey_service.conduct.throttling import PAIR
from survey_service.store import audit, organisations
from survey_service.store.database import Database
from tests.accounts import STRONG, dina, enrolled, invited_dina, redeem, sign_in, token_in
from tests.country import As, Client, Country


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> "Later":
    """Let half minutes pass, each of which has another code."""
    return Later(monkeypatch)


class Later:
    """A clock that stands until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch, self.now = monkeypatch, clock.now()
        self.go(0)

    def go(self, steps: int = 1) -> dt.datetime:
        """Go on by so many half minutes; return what time it is."""
        self.now += dt.timedelta(seconds=30 * steps)
        self._monkeypatch.setattr(clock, "now", lambda: self.now)
        return self.now


async def _recorded(db: Database) -> list[str]:
    return [one.entry.action for one in await db.read(lambda tx: list(audit.entries(tx)))]


async def test_a_second_factor_is_asked_for_and_each_code_serves_once(
    client: Client, country: Country, later: Later
) -> None:
    invited = await invited_dina(client, country)
    await redeem(client, token_in(invited))
    token = (await sign_in(client))["token"]
    totp, _ = await enrolled(client, token)

    await As(client, token)("GET", "/me", expects=401)  # signed out everywhere
    wanted = await sign_in(client, expects=401)
    used = await sign_in(client, expects=401, code=totp.at(later.now))
    again = await sign_in(client, code=totp.at(later.go()))

    assert (wanted["title"], used["title"]) == ("second_factor_required", "wrong_code")
    assert (await As(client, again["token"])("GET", "/me"))["second_factor"]
    path = f"/people/{invited['account']['id']}/second-factor"
    await As(client, "administrator@Agency")("DELETE", path)
    assert await sign_in(client)


async def test_a_wrong_code_while_it_is_set_up_changes_nothing(
    client: Client, country: Country, db: Database
) -> None:
    who = await dina(client, country)
    offer = await who("POST", "/me/second-factor")
    totp = pyotp.TOTP(offer["secret"])
    wanted = {"ticket": offer["ticket"], "code": totp.at(clock.now()), "password": STRONG}

    for _ in range(2 * PAIR):
        await who("PUT", "/me/second-factor", {**wanted, "code": "000000"}, expects=401)
    await As(client, "alice")("PUT", "/me/second-factor", wanted, expects=401)

    assert not (await who("GET", "/me"))["second_factor"]
    assert "second_factor.refuse" not in await _recorded(db)
    await who("PUT", "/me/second-factor", wanted)


async def test_a_recovery_code_stands_for_a_code_once(
    client: Client, country: Country, db: Database, later: Later
) -> None:
    who = await dina(client, country)
    totp, codes = await enrolled(client, who.headers["Authorization"].split()[1])

    signed_in = await sign_in(client, code=codes[3])
    used = await sign_in(client, expects=401, code=codes[3])
    typed = await sign_in(client, code=codes[4].replace("-", ""))
    never = await sign_in(client, expects=401, code="0000-0000-0000-0000")

    assert len(set(codes)) == 10
    assert (used["title"], never["title"]) == ("wrong_code", "wrong_code")
    left = await As(client, typed["token"])("GET", "/me/recovery-codes")
    assert left == {"left": 8}
    assert (await _recorded(db)).count("second_factor.recover") == 2
    assert await sign_in(client, code=totp.at(later.go()))
    assert signed_in["token"] != typed["token"]


async def test_recovery_codes_are_made_anew_by_whoever_shows_who_they_are(
    client: Client, country: Country, later: Later
) -> None:
    who = await dina(client, country)
    totp, old = await enrolled(client, who.headers["Authorization"].split()[1])
    who = As(client, (await sign_in(client, code=totp.at(later.go())))["token"])
    path, code = "/me/recovery-codes", totp.at(later.go())

    await who("POST", path, {"code": code, "password": "wrong"}, expects=401)
    await who("POST", path, {"code": "000000", "password": STRONG}, expects=401)
    made = (await who("POST", path, {"code": code, "password": STRONG}))["codes"]

    await sign_in(client, expects=401, code=old[0])
    assert await sign_in(client, code=made[0])
    assert await who("GET", path) == {"left": 9}
    await As(client, "alice")("POST", path, {"code": "000000"}, expects=401)  # who has none


async def test_to_replace_a_second_factor_takes_the_one_before_or_a_recovery_code(
    client: Client, country: Country, later: Later
) -> None:
    who = await dina(client, country)
    first, _ = await enrolled(client, who.headers["Authorization"].split()[1])
    who = As(client, (await sign_in(client, code=first.at(later.go())))["token"])
    offer = await who("POST", "/me/second-factor")
    code = pyotp.TOTP(offer["secret"]).at(later.now)
    wanted = {"ticket": offer["ticket"], "code": code, "password": STRONG}

    without = await who("PUT", "/me/second-factor", wanted, expects=401)
    wrong = await who("PUT", "/me/second-factor", {**wanted, "present": "000000"}, expects=401)
    spent = {**wanted, "present": first.at(later.now)}
    await who("PUT", "/me/second-factor", spent, expects=401)
    second, codes = await enrolled(
        client, who.headers["Authorization"].split()[1], first.at(later.go())
    )

    assert (without["title"], wrong["title"]) == ("second_factor_required", "wrong_code")
    await sign_in(client, expects=401, code=first.at(later.go()))
    token = (await sign_in(client, code=second.at(later.now)))["token"]
    third, _ = await enrolled(client, token, codes[0])
    assert await sign_in(client, code=third.at(later.go()))


async def test_who_guesses_from_within_a_session_is_slowed_down_and_recorded(
    client: Client, country: Country, db: Database
) -> None:
    who = await dina(client, country)
    change = {"present": "wrong", "password": "kopi lautan gerimis"}
    offer = await who("POST", "/me/second-factor")
    code = pyotp.TOTP(offer["secret"]).at(clock.now())
    confirming = {"ticket": offer["ticket"], "code": code, "password": "wrong"}

    for _ in range(PAIR - 1):
        await who("PUT", "/me/password", change, expects=401)
    await who("PUT", "/me/second-factor", confirming, expects=401)

    right = {**change, "present": STRONG}
    slowed = [
        await who("PUT", "/me/password", right, expects=429),
        await who("PUT", "/me/second-factor", {**confirming, "password": STRONG}, expects=429),
        await who("POST", "/me/recovery-codes", {"code": "000000"}, expects=429),
        await sign_in(client, expects=429),
    ]
    assert {one["title"] for one in slowed} == {"too_many_attempts"}
    recorded = await _recorded(db)
    assert recorded.count("password.refuse") == PAIR - 1
    assert recorded.count("second_factor.refuse") == 1


async def test_an_organisation_can_require_a_second_factor(
    client: Client, country: Country, db: Database
) -> None:
    await redeem(client, token_in(await invited_dina(client, country)))
    await db.write(
        organisations.require_second_factor, country.organisations["Country"], required=True
    )
    token = (await sign_in(client))["token"]

    for method, path in (("GET", "/assessments"), ("POST", "/tokens"), ("GET", "/me")):
        refused = await As(client, token).ask(method, path, {} if method == "POST" else None)
        assert refused.status_code in {403, 400}
    page = await client.get("/", headers={"Authorization": f"Bearer {token}"})
    await enrolled(client, token)

    assert "Second factor" in page.text
    assert (await sign_in(client, expects=401))["title"] == "second_factor_required"


async def _require(client: Client, country: Country) -> None:
    """Have the ministry require a second factor of the whole country."""
    ministry, path = (
        As(client, "ministry@Agency"),
        f"/organisations/{country.organisations['Country']}",
    )
    found = await ministry.ask("GET", path)
    place = {key: value for key, value in found.json().items() if key != "id"}
    tag = {"If-Match": found.headers["ETag"]}
    await ministry("PUT", path, {**place, "second_factor": True}, headers=tag)


async def test_requiring_one_ends_sessions_and_tokens_without_one(
    client: Client, country: Country, later: Later
) -> None:
    who = await dina(client, country)
    totp, _ = await enrolled(client, who.headers["Authorization"].split()[1])
    who = As(client, (await sign_in(client, code=totp.at(later.go())))["token"])
    alice = As(client, "alice")
    token = await alice("POST", "/tokens", {"label": "board"}, expects=201)

    await _require(client, country)

    await alice("GET", "/assessments", expects=401)
    await As(client, token["secret"])("GET", "/assessments", expects=401)
    await As(client, "ministry@Agency")("GET", "/me", expects=401)
    await who("GET", "/me")
    await As(client, "charlie")("GET", "/me")


async def test_a_session_that_lacks_what_is_required_since_is_good_for_setting_it_up_alone(
    client: Client, country: Country, db: Database
) -> None:
    """However it came to be required: an organisation moved, a row written beside the service."""
    alice = As(client, "alice")
    token = await alice("POST", "/tokens", {"label": "board"}, expects=201)

    await db.write(
        organisations.require_second_factor, country.organisations["Country"], required=True
    )

    await alice("GET", "/assessments", expects=403)
    await alice("POST", "/me/second-factor")
    await As(client, token["secret"])("POST", "/me/second-factor", expects=401)
