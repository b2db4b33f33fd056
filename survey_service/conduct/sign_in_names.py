"""How names to sign in with and addresses are compared: phones add capitals and blanks."""

import unicodedata
from collections.abc import Iterable


def comparable(written: str) -> str:
    """Return the form in which names are one: without capitals, blanks around, or what is invisible.

    Letters that only look otherwise on the screen, as wide ones do, are the plain ones.
    """
    seen = "".join(one for one in written if unicodedata.category(one) != "Cf")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return folded.strip()


def resembling(logins: Iterable[str]) -> list[list[str]]:
    """Return those names that are one to whoever compares them, in groups of two and more."""
    groups: dict[str, list[str]] = {}
    for login in sorted(logins):
        groups.setdefault(comparable(login), []).append(login)
    return [group for group in groups.values() if len(group) > 1]
