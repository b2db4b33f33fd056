"""Interface messages, taken from code and templates; `make catalogues` updates the catalogues."""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from survey_service import i18n

ROOT = Path(__file__).parents[1]
_TEMPLATES = [("**.html", "jinja2"), ("**.css", "jinja2")]
_OPTIONS = {name: {"extensions": "jinja2.ext.i18n", "trimmed": "false"} for name, _ in _TEMPLATES}
CODED = (
    "action.", "action_state.", "advice.", "audience.", "became.", "begin.", "break.", "cell.", "change.", "column.", "concern.", "cycle.", "do.",
    "error.", "event.", "export.", "finding.", "heading.", "help.", "job.", "job_state.", "kind.", "mark.", "menu.", "missing.", "notice.", "order.",
    "outcome.", "page.", "paper.", "problem.", "proof.", "provenance.", "release.", "remark.", "role.", "severity.", "stage.", "state.", "step.",
    "succession.", "told.", "trail.", "view.", "wait.", "what.", "will.", "workbook.",
)  # fmt: skip


PLURALS = {"id": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}

BESIDE = {
    "%(first)s to %(last)s of %(count)s",
    "%(count)s carried over, to be confirmed", "%(count)s left", "%(count)s more", "%(count)s new", "%(count)s of them yours",
    "The first %(shown)s of %(count)s.", "The first %(shown)s of %(count)s; the files have them all.",
}  # fmt: skip
"""Messages that are the same for one and for many; so are those where a number follows a colon."""

Id = str | tuple[str, ...]
"""A message, or one in the singular and the plural."""


def used() -> set[Id]:
    """Return every interface message in use, in English."""
    folders = [ROOT / "survey_service" / "web" / "templates", ROOT / "report_templates"]
    found: set[Id] = {
        message if isinstance(message, str) else (message[0], message[1])
        for folder in folders
        for _, _, message, _, _ in extract_from_dir(folder, _TEMPLATES, _OPTIONS)
    }
    code = extract_from_dir(
        ROOT / "survey_service", [("**.py", "python")], keywords={"translate": None}
    )
    found |= {_counting(message) for _, _, message, _, _ in code if isinstance(message, str)}
    return {message for message in found if not singular(message).startswith(CODED)}


def _counting(message: str) -> Id:
    """Return a message of code with its plural, where it counts something: code says it once."""
    counts = any(f"{{{name}}}" in message for name in i18n.COUNTED)
    return (message, message) if counts else message


def singular(message: Id | list[str]) -> str:
    """Return the message by which a catalogue finds it."""
    return message if isinstance(message, str) else message[0]


def words(entry: Message) -> list[str]:
    """Return what a catalogue has for a message: one, or in the singular and the plural."""
    said = entry.string or ""
    return [said] if isinstance(said, str) else list(said)


def catalogue(language: str) -> Catalog:
    with _path(language).open("rb") as source:
        return read_po(source, locale=language)


def _path(language: str) -> Path:
    return i18n.LOCALES / language / "LC_MESSAGES" / f"{i18n.DOMAIN}.po"


def main() -> None:
    messages = used()
    for language in i18n.LANGUAGES:
        kept = catalogue(language)
        kept.mime_headers = [("Plural-Forms", PLURALS[language])]
        for message in [entry.id for entry in kept if entry.id]:
            if message not in messages and not singular(message).startswith(CODED):
                kept.delete(message)
        for message in messages:
            if message not in kept:
                kept.add(message)
            elif (entry := kept[message]).id != message:
                kept.delete(message)
                kept.add(message, (words(entry)[0], "")[: kept.num_plurals])
        with _path(language).open("wb") as target:
            write_po(target, kept, width=100, sort_output=True)


if __name__ == "__main__":
    main()
