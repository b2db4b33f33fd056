"""Names to sign in with, of which phones write another form: capitals, and blanks around."""

from collections.abc import Iterable

from survey_service.characters import normal


def resembling(logins: Iterable[str]) -> list[list[str]]:
    """Return those names that are one to whoever compares them, in groups of two and more."""
    groups: dict[str, list[str]] = {}
    for login in sorted(logins):
        groups.setdefault(normal(login), []).append(login)
    return [group for group in groups.values() if len(group) > 1]
