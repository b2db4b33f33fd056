import datetime as dt

import pytest

from survey_service import clock, errors
from survey_service.conduct.access import Actor
from survey_service.conduct.throttling import ACCOUNT, ADDRESS, PAIR, WINDOW
from survey_service.operations import secrets, sessions
from survey_service.operations.sealing import Sealer
from survey_service.operations.sessions import Caller, Opening, SignIn
from survey_service.store import attempts
from survey_service.store.database import Database, Reader, Writer
from tests.samples import PASSWORD

HOUR = dt.timedelta(hours=1)


SEALER = Sealer("demo")


async def _sign_in(db: Database, login: str, password: str, address: str = "") -> str:
    return await sessions.sign_in(db, SignIn(login, password), Opening(HOUR, address), SEALER)


def _who(_: Reader, actor: Actor) -> str:
    return actor.name


async def test_a_session_acts_as_its_person(db: Database) -> None:
    token = await _sign_in(db, "alice", PASSWORD)

    assert await db.read(sessions.signed_in, Caller(token), _who) == "alice"


@pytest.mark.parametrize(("login", "password"), [("alice", "wrong"), ("nobody", PASSWORD)])
async def test_name_and_password_must_belong_together(
    db: Database, login: str, password: str
) -> None:
    with pytest.raises(errors.WrongPasswordError):
        await _sign_in(db, login, password)


async def test_every_sign_in_has_a_token_of_its_own(db: Database) -> None:
    first = await _sign_in(db, "alice", PASSWORD)

    assert first != await _sign_in(db, "alice", PASSWORD)


@pytest.mark.parametrize("token", [None, "", "planted"])
async def test_a_token_that_we_did_not_give_is_nobody(db: Database, token: str | None) -> None:
    with pytest.raises(errors.SignInRequiredError):
        await db.read(sessions.signed_in, Caller(token), _who)


async def test_after_signing_out_the_token_is_worth_nothing(db: Database) -> None:
    token = await _sign_in(db, "alice", PASSWORD)

    await db.write(sessions.sign_out, Caller(token))

    with pytest.raises(errors.SignInRequiredError):
        await db.read(sessions.signed_in, Caller(token), _who)


async def test_signing_out_everywhere_ends_every_session_of_the_person(
    db: Database, alice: Actor
) -> None:
    tokens = [await _sign_in(db, "alice", PASSWORD) for _ in range(2)]
    other = await _sign_in(db, "bob", PASSWORD)

    await db.write(sessions.sign_out_everywhere, alice)

    for token in tokens:
        with pytest.raises(errors.SignInRequiredError):
            await db.read(sessions.signed_in, Caller(token), _who)
    assert await db.read(sessions.signed_in, Caller(other), _who) == "bob"


async def _fail(db: Database, login: str, address: str, times: int) -> None:
    """Fail to sign in, without the cost of comparing passwords."""

    def attempt(tx: Writer) -> None:
        typed = secrets.digested(secrets.attempts_key(tx, SEALER), login)
        for _ in range(times):
            attempts.add(tx, typed, address, clock.now())

    await db.write(attempt)


async def test_guessing_from_one_address_must_wait_even_with_the_right_password(
    db: Database,
) -> None:
    await _fail(db, "alice", "10.0.0.1", PAIR)

    with pytest.raises(errors.TooManyAttemptsError):
        await _sign_in(db, "alice", PASSWORD, "10.0.0.1")


async def test_guessing_does_not_lock_the_owner_out_elsewhere(db: Database) -> None:
    await _fail(db, "alice", "10.0.0.1", PAIR)

    assert await _sign_in(db, "alice", PASSWORD, "10.0.0.2")


async def test_one_address_cannot_try_every_account(db: Database) -> None:
    for number in range(ADDRESS):
        await _fail(db, f"somebody {number}", "10.0.0.1", 1)

    with pytest.raises(errors.TooManyAttemptsError):
        await _sign_in(db, "bob", PASSWORD, "10.0.0.1")


async def test_a_distributed_attack_leaves_known_addresses_alone(db: Database) -> None:
    await _sign_in(db, "alice", PASSWORD, "10.0.0.9")
    for number in range(ACCOUNT):
        await _fail(db, "alice", f"10.1.0.{number}", 1)

    assert await _sign_in(db, "alice", PASSWORD, "10.0.0.9")
    with pytest.raises(errors.TooManyAttemptsError):
        await _sign_in(db, "alice", PASSWORD, "10.0.0.10")


async def test_waiting_is_over_after_a_while(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await _fail(db, "alice", "10.0.0.1", PAIR)
    later = clock.now() + WINDOW + dt.timedelta(seconds=1)

    monkeypatch.setattr(clock, "now", lambda: later)

    assert await _sign_in(db, "alice", PASSWORD, "10.0.0.1")


async def test_failures_are_counted_and_a_success_is_not_one(db: Database) -> None:
    for _ in range(PAIR - 1):
        with pytest.raises(errors.WrongPasswordError):
            await _sign_in(db, "alice", "wrong", "10.0.0.1")
    await _sign_in(db, "alice", PASSWORD, "10.0.0.1")
    with pytest.raises(errors.WrongPasswordError):
        await _sign_in(db, "alice", "wrong", "10.0.0.1")

    with pytest.raises(errors.TooManyAttemptsError):
        await _sign_in(db, "alice", "wrong", "10.0.0.1")


async def test_a_session_ends_when_its_time_is_up(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await _sign_in(db, "alice", PASSWORD)
    later = clock.now() + 2 * HOUR

    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(errors.SignInRequiredError):
        await db.read(sessions.signed_in, Caller(token), _who)


async def test_a_session_ends_when_nothing_came_for_a_while_and_not_when_something_did(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, used = [await _sign_in(db, "alice", PASSWORD) for _ in range(2)]
    started = clock.now()
    limit = dt.timedelta(minutes=20)

    monkeypatch.setattr(clock, "now", lambda: started + dt.timedelta(minutes=15))
    await db.write(sessions.touch, Caller(used, idle=limit))
    monkeypatch.setattr(clock, "now", lambda: started + dt.timedelta(minutes=25))

    assert await db.read(sessions.signed_in, Caller(used, idle=limit), _who) == "alice"
    with pytest.raises(errors.SignInRequiredError):
        await db.read(sessions.signed_in, Caller(idle, idle=limit), _who)
