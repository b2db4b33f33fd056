import datetime as dt

import pytest

from survey_service import clock, errors
from survey_service.maturity.access import Actor
from survey_service.operations import sessions
from survey_service.store.database import Database, Reader
from tests.samples import PASSWORD

HOUR = dt.timedelta(hours=1)


def _who(_: Reader, actor: Actor) -> str:
    return actor.name


async def test_a_session_acts_as_its_person(db: Database) -> None:
    token = await sessions.sign_in(db, "alice", PASSWORD, HOUR)

    assert await db.read(sessions.signed_in, token, _who) == "alice"


@pytest.mark.parametrize(("login", "password"), [("alice", "wrong"), ("nobody", PASSWORD)])
async def test_name_and_password_must_belong_together(
    db: Database, login: str, password: str
) -> None:
    with pytest.raises(errors.WrongPasswordError):
        await sessions.sign_in(db, login, password, HOUR)


async def test_every_sign_in_has_a_token_of_its_own(db: Database) -> None:
    first = await sessions.sign_in(db, "alice", PASSWORD, HOUR)

    assert first != await sessions.sign_in(db, "alice", PASSWORD, HOUR)


@pytest.mark.parametrize("token", [None, "", "planted"])
async def test_a_token_that_we_did_not_give_is_nobody(db: Database, token: str | None) -> None:
    with pytest.raises(errors.SignInRequiredError):
        await db.read(sessions.signed_in, token, _who)


async def test_after_signing_out_the_token_is_worth_nothing(db: Database) -> None:
    token = await sessions.sign_in(db, "alice", PASSWORD, HOUR)

    await db.write(sessions.sign_out, token)

    with pytest.raises(errors.SignInRequiredError):
        await db.read(sessions.signed_in, token, _who)


async def test_a_session_ends_when_its_time_is_up(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await sessions.sign_in(db, "alice", PASSWORD, HOUR)
    later = clock.now() + 2 * HOUR

    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(errors.SignInRequiredError):
        await db.read(sessions.signed_in, token, _who)
