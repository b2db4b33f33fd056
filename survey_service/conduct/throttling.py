"""Slowing down who guesses secrets, without letting them keep others out.

Failures count where they come from: against one account from one place, and from one address against
all accounts. A place is an address, or a device on which somebody signed in to the account before:
what others try from the same address then counts for nothing. Failures from an address and failures
against an account from everywhere keep out only those whom neither device nor address is known of, so
that neither an attack nor a neighbour locks an owner out.
"""

import datetime as dt

from msgspec import Struct

WINDOW = dt.timedelta(minutes=15)
KNOWN_FOR = dt.timedelta(days=30)
PAIR, ADDRESS, ACCOUNT = 5, 30, 50
"""Failures within the window: on one account from one place, from one address, on one account."""


class Failures(Struct, frozen=True):
    """Attempts within the window that failed or are under way, without the one that is asked about.

    `known` says whether somebody has signed in to the account from the place before.
    """

    pair: int
    address: int
    account: int
    known: bool


def must_wait(failures: Failures) -> bool:
    """Whether the next attempt from this place on this account must wait."""
    strange = failures.address >= ADDRESS or failures.account >= ACCOUNT
    return failures.pair >= PAIR or (strange and not failures.known)
