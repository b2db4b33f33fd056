import base64
import datetime as dt

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook as Independent

from survey_service.conduct.assessment import Assessment, InCycle, Organisation
from survey_service.conduct.cycles import Calendar
from survey_service.conduct.webhooks import event, headers, is_public, require_sound
from survey_service.errors.jobs import WebhookAddressError

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
OLD, NEW = ("whsec_" + base64.b64encode(bytes([one]) * 32).decode() for one in (1, 2))


def test_another_library_verifies_what_either_secret_signed() -> None:
    body = b'{"type":"ping"}'
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 - the other library compares with its own clock

    sent = headers("msg_1", now, body, [NEW, OLD])

    for secret in (NEW, OLD):
        assert Independent(secret).verify(body, sent) == {"type": "ping"}


def test_an_event_says_what_happened_and_where_it_stands_now() -> None:
    cycle = InCycle(7, "x", Calendar({}, "UTC"))
    own = Assessment(3, "q", "1", "d", Organisation(2, "Agency", "regency"), "submitted", NOW)

    said = event(own, "submit", NOW)
    in_cycle = event(msgspec.structs.replace(own, cycle=cycle), "submit", NOW)

    assert said.type == "assessment.submit"
    assert said.data is not None
    assert (said.data.assessment, said.data.organisation, said.data.state, said.data.cycle) == (
        3, 2, "submitted", None,
    )  # fmt: skip
    assert in_cycle.data is not None
    assert in_cycle.data.cycle == 7


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:5ef5:79fb::1",
    ],
)  # fmt: skip
def test_an_address_that_is_nobodys_on_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.go.id", "https://", "https://me:secret@example.go.id", "ftp://example.go.id",
        "https://127.0.0.1/", "https://[::1]/", "https://example.go.id:99999", "https://[x",
        "https://example.go.id:0",
    ],
)  # fmt: skip
def test_nothing_is_sent_to_an_address_that_is_not_sound(url: str) -> None:
    with pytest.raises(WebhookAddressError):
        require_sound(url)


@pytest.mark.parametrize("url", ["https://example.go.id/x?y", "https://8.8.8.8:8443"])
def test_an_address_over_tls_is_sound(url: str) -> None:
    require_sound(url)
