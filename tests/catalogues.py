"""Interface messages, taken from code and templates; `make catalogues` updates the catalogues."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from survey_service import i18n

ROOT = Path(__file__).parents[1]
_TEMPLATES = [("**.html", "jinja2"), ("**.css", "jinja2")]
_OPTIONS = {name: {"extensions": "jinja2.ext.i18n", "trimmed": "false"} for name, _ in _TEMPLATES}
CODED = (
    "action.", "audience.", "begin.", "break.", "cell.", "change.", "column.", "concern.", "cycle.", "do.", "error.", "event.", "finding.", "heading.",
    "job.", "job_state.", "kind.", "mark.", "menu.", "notice.", "outcome.", "paper.",
    "problem.", "provenance.", "remark.", "role.", "severity.", "stage.", "state.", "step.", "succession.", "told.", "wait.", "what.", "will.", "workbook.",
)  # fmt: skip


def used() -> set[str]:
    """Return every interface message in use, in English."""
    folders = [ROOT / "survey_service" / "web" / "templates", ROOT / "report_templates"]
    found = {
        message
        for folder in folders
        for _, _, message, _, _ in extract_from_dir(folder, _TEMPLATES, _OPTIONS)
        if isinstance(message, str)
    }
    code = extract_from_dir(
        ROOT / "survey_service", [("**.py", "python")], keywords={"translate": None}
    )
    found |= {message for _, _, message, _, _ in code if isinstance(message, str)}
    return {message for message in found if not message.startswith(CODED)}


def catalogue(language: str) -> Catalog:
    with _path(language).open("rb") as source:
        return read_po(source, locale=language)


def _path(language: str) -> Path:
    return i18n.LOCALES / language / "LC_MESSAGES" / f"{i18n.DOMAIN}.po"


def main() -> None:
    messages = used()
    for language in i18n.LANGUAGES:
        kept = catalogue(language)
        for message in [entry.id for entry in kept if entry.id]:
            if message not in messages and not str(message).startswith(CODED):
                kept.delete(message)
        for message in messages:
            if message not in kept:
                kept.add(message)
        with _path(language).open("wb") as target:
            write_po(target, kept, width=100, sort_output=True)


if __name__ == "__main__":
    main()
