import asyncio
import datetime as dt

import pytest

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.throttling import ACCOUNT, ADDRESS, PAIR, WINDOW
from survey_service.errors.accounts import (
    SignInRequiredError,
    TooManyAttemptsError,
    WrongPasswordError,
)
from survey_service.operations import sessions, throttling
from survey_service.operations.sealing import Sealer
from survey_service.operations.sessions import Caller, Opening, SignIn
from survey_service.operations.throttling import Trial
from survey_service.store.database import Database, Reader, Writer, connect
from tests.samples import PASSWORD

HOUR = dt.timedelta(hours=1)


SEALER = Sealer("demo")


async def _sign_in(
    db: Database, login: str, password: str, address: str = "", device: str = ""
) -> str:
    opening = Opening(HOUR, address, device)
    return await sessions.sign_in(db, SignIn(login, password), opening, SEALER)


def _who(_: Reader, actor: Actor) -> str:
    return actor.name


async def test_a_session_acts_as_its_person(db: Database) -> None:
    token = await _sign_in(db, "alice", PASSWORD)

    assert await db.read(sessions.signed_in, Caller(token), _who) == "alice"


@pytest.mark.parametrize(("login", "password"), [("alice", "wrong"), ("nobody", PASSWORD)])
async def test_name_and_password_must_belong_together(
    db: Database, login: str, password: str
) -> None:
    with pytest.raises(WrongPasswordError):
        await _sign_in(db, login, password)


async def test_every_sign_in_has_a_token_of_its_own(db: Database) -> None:
    first = await _sign_in(db, "alice", PASSWORD)

    assert first != await _sign_in(db, "alice", PASSWORD)


@pytest.mark.parametrize("token", [None, "", "planted"])
async def test_a_token_that_we_did_not_give_is_nobody(db: Database, token: str | None) -> None:
    with pytest.raises(SignInRequiredError):
        await db.read(sessions.signed_in, Caller(token), _who)


async def test_after_signing_out_the_token_is_worth_nothing(db: Database) -> None:
    token = await _sign_in(db, "alice", PASSWORD)

    await db.write(sessions.sign_out, Caller(token))

    with pytest.raises(SignInRequiredError):
        await db.read(sessions.signed_in, Caller(token), _who)


async def test_signing_out_everywhere_ends_every_session_of_the_person(
    db: Database, alice: Actor
) -> None:
    tokens = [await _sign_in(db, "alice", PASSWORD) for _ in range(2)]
    other = await _sign_in(db, "bob", PASSWORD)

    await db.write(sessions.sign_out_everywhere, alice)

    for token in tokens:
        with pytest.raises(SignInRequiredError):
            await db.read(sessions.signed_in, Caller(token), _who)
    assert await db.read(sessions.signed_in, Caller(other), _who) == "bob"


async def _fail(db: Database, login: str, address: str, times: int) -> None:
    """Fail to sign in, without the cost of comparing passwords."""

    def attempt(tx: Writer) -> None:
        for _ in range(times):
            throttling._reserve(tx, Trial(login, address), SEALER)

    await db.write(attempt)


async def test_guessing_from_one_address_must_wait_even_with_the_right_password(
    db: Database,
) -> None:
    await _fail(db, "alice", "10.0.0.1", PAIR)

    with pytest.raises(TooManyAttemptsError):
        await _sign_in(db, "alice", PASSWORD, "10.0.0.1")


async def test_guessing_does_not_lock_the_owner_out_elsewhere(db: Database) -> None:
    await _fail(db, "alice", "10.0.0.1", PAIR)

    assert await _sign_in(db, "alice", PASSWORD, "10.0.0.2")


async def test_one_address_cannot_try_every_account(db: Database) -> None:
    for number in range(ADDRESS):
        await _fail(db, f"somebody {number}", "10.0.0.1", 1)

    with pytest.raises(TooManyAttemptsError):
        await _sign_in(db, "bob", PASSWORD, "10.0.0.1")


async def test_of_guesses_that_come_at_once_no_more_are_looked_at_than_one_by_one(
    db: Database, database: str
) -> None:
    other = connect(database)  # of another process

    outcomes = await asyncio.gather(
        *(_sign_in(each, "alice", "wrong", "10.0.0.1") for each in (db, other) for _ in range(30)),
        return_exceptions=True,
    )

    await other.close()
    looked_at = sum(isinstance(one, WrongPasswordError) for one in outcomes)
    assert 0 < looked_at <= PAIR
    others = [one for one in outcomes if not isinstance(one, WrongPasswordError)]
    assert all(isinstance(one, TooManyAttemptsError) for one in others)


async def test_a_crowd_that_comes_in_at_once_from_one_address_keeps_nobody_out(
    db: Database,
) -> None:
    folk = ["alice", "bob", "charlie"] * (ADDRESS // 2)

    tokens = await asyncio.gather(*(_sign_in(db, one, PASSWORD, "10.0.0.1") for one in folk))

    assert len(set(tokens)) == len(folk)


async def test_failures_on_invented_names_keep_out_nobody_who_signs_in_from_there(
    db: Database, alice: Actor
) -> None:
    await _sign_in(db, "bob", PASSWORD, "10.0.0.1")
    device = throttling.device_of(alice.id, SEALER)
    for number in range(ADDRESS):
        await _fail(db, f"somebody {number}", "10.0.0.1", 1)

    by_address = await _sign_in(db, "bob", PASSWORD, "10.0.0.1")
    by_device = await _sign_in(db, "alice", PASSWORD, "10.0.0.1", device)

    assert by_address
    assert by_device
    with pytest.raises(TooManyAttemptsError):
        await _sign_in(db, "charlie", PASSWORD, "10.0.0.1")


async def test_what_people_mistype_where_they_are_known_keeps_no_newcomer_out(
    db: Database,
) -> None:
    for name in ("alice", "bob"):
        await _sign_in(db, name, PASSWORD, "10.0.0.1")
        await _fail(db, name, "10.0.0.1", ADDRESS)

    assert await _sign_in(db, "charlie", PASSWORD, "10.0.0.1")


async def test_a_neighbour_who_guesses_does_not_keep_out_a_known_device(
    db: Database, alice: Actor
) -> None:
    await _sign_in(db, "alice", PASSWORD, "10.0.0.1")
    await _fail(db, "alice", "10.0.0.1", PAIR)

    device = throttling.device_of(alice.id, SEALER)

    assert await _sign_in(db, "alice", PASSWORD, "10.0.0.1", device)
    with pytest.raises(TooManyAttemptsError):
        await _sign_in(db, "alice", PASSWORD, "10.0.0.1")


@pytest.mark.parametrize("shown", ["another's", "forged", "old"])
async def test_a_device_is_known_to_its_person_alone_and_not_for_ever(
    db: Database, alice: Actor, bob: Actor, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = throttling.device_of((bob if shown == "another's" else alice).id, SEALER)
    if shown == "forged":
        device = throttling.device_of(alice.id, Sealer("another secret"))
    if shown == "old":
        monkeypatch.setattr(throttling, "KNOWN_FOR", -dt.timedelta(seconds=1))
    await _fail(db, "alice", "10.0.0.1", PAIR)

    with pytest.raises(TooManyAttemptsError):
        await _sign_in(db, "alice", PASSWORD, "10.0.0.1", device)


async def test_a_device_too_is_slowed_down(db: Database, alice: Actor) -> None:
    device = throttling.device_of(alice.id, SEALER)
    for _ in range(PAIR):
        with pytest.raises(WrongPasswordError):
            await _sign_in(db, "alice", "wrong", "10.0.0.1", device)

    with pytest.raises(TooManyAttemptsError):
        await _sign_in(db, "alice", PASSWORD, "10.0.0.2", device)


async def test_what_goes_wrong_beside_the_secret_counts_for_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no space")

    with monkeypatch.context() as patched:
        patched.setattr(sessions, "_open", broken)
        for _ in range(PAIR):
            with pytest.raises(OSError, match="no space"):
                await _sign_in(db, "alice", PASSWORD, "10.0.0.1")

    assert await _sign_in(db, "alice", PASSWORD, "10.0.0.1")


async def test_a_distributed_attack_leaves_known_addresses_alone(db: Database) -> None:
    await _sign_in(db, "alice", PASSWORD, "10.0.0.9")
    for number in range(ACCOUNT):
        await _fail(db, "alice", f"10.1.0.{number}", 1)

    assert await _sign_in(db, "alice", PASSWORD, "10.0.0.9")
    with pytest.raises(TooManyAttemptsError):
        await _sign_in(db, "alice", PASSWORD, "10.0.0.10")


async def test_waiting_is_over_after_a_while(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await _fail(db, "alice", "10.0.0.1", PAIR)
    later = clock.now() + WINDOW + dt.timedelta(seconds=1)

    monkeypatch.setattr(clock, "now", lambda: later)

    assert await _sign_in(db, "alice", PASSWORD, "10.0.0.1")


async def test_failures_are_counted_and_a_success_is_not_one(db: Database) -> None:
    for _ in range(PAIR - 1):
        with pytest.raises(WrongPasswordError):
            await _sign_in(db, "alice", "wrong", "10.0.0.1")
    await _sign_in(db, "alice", PASSWORD, "10.0.0.1")
    with pytest.raises(WrongPasswordError):
        await _sign_in(db, "alice", "wrong", "10.0.0.1")

    with pytest.raises(TooManyAttemptsError):
        await _sign_in(db, "alice", "wrong", "10.0.0.1")


async def test_a_session_ends_when_its_time_is_up(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await _sign_in(db, "alice", PASSWORD)
    later = clock.now() + 2 * HOUR

    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(SignInRequiredError):
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
    with pytest.raises(SignInRequiredError):
        await db.read(sessions.signed_in, Caller(idle, idle=limit), _who)
