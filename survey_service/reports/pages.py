"""Rendering templates: one Jinja environment per language, so that no language is global state."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from survey_service import clock, i18n
from survey_service.i18n import zone_name
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.showing import USUAL, least
from survey_service.maturity.texts import Text
from survey_service.reports.deadlines import deadline, period
from survey_service.reports.indices import bound, index
from survey_service.reports.release_changes import said


class Pages:
    """The templates of one folder, ready to render in every language."""

    def __init__(
        self,
        *folders: Path,
        zone: dt.tzinfo | None = None,
        kind: type[Environment] = Environment,
        **globals_: object,
    ) -> None:
        """Prepare the templates in `folders`, each taken from the first one that has it.

        Args:
            folders: Where templates lie.
            zone: In which moments are shown; None for their own.
            kind: Sandboxed, where others write the templates.
            globals_: What every template may use.
        """
        self._environments = {
            language: _environment(folders, kind, language, zone, globals_)
            for language in i18n.LANGUAGES
        }

    def render(self, name: str, language: str, /, **values: object) -> str:
        """Render a template; a name that it uses and nobody gave is an error."""
        return self._environments[language].get_template(name).render(values)


def _environment(
    folders: Sequence[Path],
    kind: type[Environment],
    language: str,
    zone: dt.tzinfo | None,
    globals_: dict[str, object],
) -> Environment:
    environment = kind(
        loader=FileSystemLoader(folders),
        autoescape=True,
        auto_reload=False,  # else each render asks of each template whether its file changed
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined] # the extension's
        i18n.catalogue(language), newstyle=True
    )
    environment.globals.update(globals_, language=language)
    filters: dict[str, Callable[..., object]] = {
        "number": partial(_number, language),
        "signed": partial(_signed, language),
        "index": lambda value, asked, code="": index(value, asked, language, code),
        "bound": lambda value, asked, code="": bound(value, asked, language, code),
        "exact": lambda value: i18n.decimal(value, language, exact=True),
        "date": lambda at: i18n.date(_in(zone, at), language),
        "day": lambda on: i18n.day(on, language),
        "moment": lambda at: i18n.moment(_in(zone, at), language),
        "clock": lambda at: i18n.clock_time(_in(zone, at), language),
        "deadline": lambda last, at: deadline(last, at, clock.now(), language),
        "period": lambda window, at: period(window, at, clock.now(), language),
        "zone": zone_name,
        "said": lambda changes, asked: said(changes, asked, language),
        "called": lambda reference, names: _called(reference, names, language),
        "earlier": lambda reference, asked: _earlier(reference, asked, language),
        "size": lambda size: i18n.file_size(size, language),
        "cell": partial(_cell, language),
        "text": lambda text: _text(text, language),
    }
    environment.filters.update(filters)
    return environment


def _in(zone: dt.tzinfo | None, at: dt.datetime) -> dt.datetime:
    return at if zone is None else at.astimezone(zone)


def _number(language: str, value: object, digits: int = USUAL) -> str:
    return i18n.decimal(value, language, digits)  # type: ignore[arg-type] # a Decimal or None


def _signed(language: str, value: Decimal | None, asked: Questionnaire, code: str = "") -> str:
    """Return a change of an index, with a sign also where it is upwards."""
    written = i18n.decimal(value, language, least(asked, code))
    return f"+{written}" if value is not None and value > 0 else written


def _called(reference: str, names: Mapping[str, Text], language: str) -> str:
    """Return what people call the questionnaire of a `code@version`: its name, and the version.

    Where only another version's name is known, that is its name; where none is, the code stands for it.
    """
    code, _, version = reference.partition("@")
    others = (name for one, name in names.items() if one.startswith(f"{code}@"))
    name = names.get(reference) or next(others, None)
    return f"{code if name is None else name.in_(language)} {version}"


def _earlier(reference: str, asked: Questionnaire, language: str) -> str:
    """Return what people call the questionnaire of which another one is a version, or that it follows."""
    if reference.startswith(f"{asked.code}@"):
        return _called(reference, {asked.reference: asked.name}, language)
    return i18n.translate("the questionnaire before", language)


def _text(text: Text, language: str) -> str:
    return text.in_(language)


def _cell(
    language: str, cell: object, asked: Questionnaire, code: str | None, digits: int = USUAL
) -> str:
    """Return what stands in a table: an index, another number with so many digits, or a text."""
    if isinstance(cell, Decimal) and code is not None:
        return index(cell, asked, language, code)
    if cell is None or isinstance(cell, Decimal):
        return i18n.decimal(cell, language, digits)
    return str(cell)
