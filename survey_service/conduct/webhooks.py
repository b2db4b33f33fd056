"""Telling programs: what an event says, how it is signed, and which addresses it never goes to.

The form is that of Standard Webhooks: an id that stays the same however often it is sent, the moment of
this attempt, and an HMAC of both with the body, by each secret that holds.
"""

import base64
import datetime as dt
import hmac
import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from msgspec import Struct

from survey_service.conduct.assessment import Assessment
from survey_service.errors.jobs import WebhookAddressError

MOST = 5  # addresses of one person
BOTH_HOLD = dt.timedelta(days=1)
"""How long the secret before signs beside a new one."""

PREFIX = "whsec_"
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 as networks of IPv6 alone reach it


class Happened(Struct, frozen=True):
    """What happened to an assessment; `cycle` is the id of its cycle, None for none."""

    assessment: int
    organisation: int
    questionnaire: str
    step: str
    state: str
    cycle: int | None


class Event(Struct, frozen=True):
    """What a program is told: the `type`, such as `assessment.submit`, when, and of what."""

    type: str
    timestamp: dt.datetime
    data: Happened | None = None


class Webhook(Struct, frozen=True):
    """Where events go, and since when its present secret is there."""

    id: int
    url: str
    made_at: dt.datetime


def event(assessment: Assessment, step: str, at: dt.datetime) -> Event:
    """Return what programs are told of a step that brought an assessment to where it stands."""
    cycle = assessment.cycle.id if assessment.cycle else None
    owner = assessment.organisation.id
    happened = Happened(assessment.id, owner, assessment.reference, step, assessment.state, cycle)
    return Event(f"assessment.{step}", at, happened)


def headers(message: str, at: dt.datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """Return the headers that name and sign a message.

    Args:
        message: Its id.
        at: The moment of this attempt.
        body: What is sent.
        secrets: Those that hold, as `whsec_…`.
    """
    moment = str(int(at.timestamp()))
    signed = f"{message}.{moment}.".encode() + body
    keys = [base64.b64decode(one.removeprefix(PREFIX)) for one in secrets]
    found = [base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys]
    return {
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{one}" for one in found),
        "content-type": "application/json",
    }


def require_sound(url: str) -> None:
    """Raise unless events can go to an address.

    Raises:
        WebhookAddressError: It is not `https://…`, has a name and password in it, or is a number
            that is nobody's on the internet.
    """
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "https" and "@" not in parts.netloc and parts.port != 0
        host = parts.hostname or ""
    except ValueError:
        raise WebhookAddressError(url=url) from None
    if not (sound and host) or (_is_number(host) and not is_public(host)):
        raise WebhookAddressError(url=url)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is somebody's on the internet, and reaches no other one behind it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found.teredo is not None:
            return False
        found = inner or found
    return found.is_global and not found.is_multicast
