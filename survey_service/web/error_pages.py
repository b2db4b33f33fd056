"""What people are told where a page cannot be shown: of the thing they wanted, and what to do next.

Programs are told of parameters, methods and keys; people never.
"""

from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.access import Actor
from survey_service.errors import NotFoundError, SurveyError
from survey_service.web.menu import menu

_THINGS = {
    "assessment": "assessment",
    "cycle": "cycle",
    "evidence": "evidence",
    "export": "export",
    "indicator": "indicator",
    "job": "job",
    "list": "list",
    "node": "part",
    "organisation": "organisation",
    "person": "person",
    "questionnaire": "questionnaire",
    "remark": "remark",
    "table": "table",
    "token": "token",
    "webhook": "webhook",
}  # by the detail of an error that names one
_PLACES = {
    "assessments": "assessment",
    "cycles": "cycle",
    "exports": "export",
    "jobs": "job",
    "library": "questionnaire",
    "organisations": "organisation",
    "people": "person",
    "questionnaires": "questionnaire",
    "webhooks": "webhook",
}  # by the beginning of an address
_ONE_OF_THEM = 2  # parts of an address that names a thing and nothing below it


class Advice(Struct, frozen=True):
    """What went wrong, what to do about it, and the page from which to go on; "" for none of them."""

    words: str
    advice: str
    way: str


def advise(error: SurveyError, path: str, who: Actor | None, language: str) -> Advice:
    """Return what somebody is told of an error on their way to a page.

    Args:
        error: What went wrong.
        path: The page's address.
        who: The person, where anybody is signed in.
        language: Of the reader.
    """
    advice = f"advice.{error.status}"
    said = i18n.translate(advice, language)
    place = path.strip("/").partition("/")[0]
    way = place if place in menu(who) else ""
    return Advice(words(error, path, language), said if said != advice else "", way)


def words(error: SurveyError, path: str, language: str) -> str:
    """Return what went wrong, as people are told it."""
    if isinstance(error, NotFoundError):
        return i18n.translate(f"missing.{_thing(error, path)}", language)
    told = f"page.{error.code}"
    said = i18n.translate(told, language, **error.details)
    return said if said != told else i18n.describe(error, language)


def _thing(error: NotFoundError, path: str) -> str:
    """Return what there is not: what the error names, or else the address."""
    named = next((_THINGS[name] for name in error.details if name in _THINGS), None)
    if named is not None:
        return named
    parts = path.strip("/").split("/")
    return _PLACES.get(parts[0], "page") if len(parts) == _ONE_OF_THEM else "page"
