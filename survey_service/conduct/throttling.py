"""Slowing down who guesses passwords, without letting them keep others out.

Failures count where they come from: against one account from one address, and from one address
against all accounts. Failures against an account from everywhere count only for addresses from which
nobody has signed in to it before, so that a distributed attack cannot lock its owner out.
"""

import datetime as dt

from msgspec import Struct

WINDOW = dt.timedelta(minutes=15)
KNOWN_FOR = dt.timedelta(days=30)
PAIR, ADDRESS, ACCOUNT = 5, 30, 50
"""Failures within the window: on one account from one address, from one address, on one account."""


class Failures(Struct, frozen=True):
    """Failed attempts within the window, and whether the address is known to the account."""

    pair: int
    address: int
    account: int
    known: bool


def must_wait(failures: Failures) -> bool:
    """Whether the next attempt from this address on this account must wait."""
    distributed = failures.account >= ACCOUNT and not failures.known
    return failures.pair >= PAIR or failures.address >= ADDRESS or distributed
