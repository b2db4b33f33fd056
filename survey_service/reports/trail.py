"""The trail of an assessment in words: who did what, and what it changed."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.actions import Action
from survey_service.conduct.assessment import Organisation, Response
from survey_service.conduct.master_data import changes
from survey_service.conduct.trail import Recorded
from survey_service.conduct.trail_search import is_score
from survey_service.i18n import zone_name
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.action_lists import in_words, marks
from survey_service.reports.answers import said
from survey_service.reports.master_data import described
from survey_service.reports.tables import Table


class Told(Struct, frozen=True):
    """An entry as a reader takes it in.

    `did` says what was done; `on` is the indicator's code and name, or ""; `then` and `now` are
    what stood there before and after, in words, each "" where there is nothing to tell. `number` is
    the entry's place in the log, None while it has none yet, and `leaf` its hash there; `address`
    is "" for a reader who may not know from where it was done, and so is a `leaf` that would tell
    it. `who` is what they were called then.
    """

    id: int
    number: int | None
    at: dt.datetime
    who: str
    address: str
    did: str
    on: str
    then: str
    now: str
    note: str
    leaf: str


class _Owned(Struct, frozen=True):
    """What of a recorded assessment tells whose it is."""

    organisation: Organisation


def told(questionnaire: Questionnaire, entry: Recorded, language: str) -> Told:
    """Return an entry in words."""
    parts = entry.about.split("/")[2:] if entry.about.startswith("assessments/") else []
    code = next((part for part in reversed(parts) if part in questionnaire.things), "")
    on = f"{code} {questionnaire.things[code].name.in_(language)}" if code else ""
    try:
        then, now, note = _changed(questionnaire, entry, language)
    except msgspec.DecodeError:  # somebody wrote into the trail: checking it says so
        then, now, note = "", "", i18n.translate("damaged", language)
    return Told(
        entry.id,
        entry.number,
        entry.at,
        entry.name,
        entry.address,
        i18n.translate(f"event.{_called(entry)}", language),
        on,
        then,
        now,
        note,
        entry.leaf,
    )


def table(entries: Sequence[Told], zone: str, language: str) -> Table:
    """Return entries as a table.

    Args:
        entries: In words, in their order.
        zone: In which moments are told, such as Asia/Jakarta.
        language: Of the headings.
    """
    when = i18n.translate("Time", language)
    headings = (
        i18n.translate("Number", language),
        f"{when} ({zone_name(zone)})",
        i18n.translate("Person", language),
        i18n.translate("Event", language),
        i18n.translate("Indicator", language),
        i18n.translate("Before", language),
        i18n.translate("After", language),
        i18n.translate("Note", language),
        i18n.translate("Address", language),
        "SHA-256",
    )
    place = zoneinfo.ZoneInfo(zone)
    rows = [
        (
            one.number,
            one.at.astimezone(place).replace(tzinfo=None),
            one.who,
            one.did,
            one.on,
            one.then,
            one.now,
            one.note,
            one.address,
            one.leaf,
        )
        for one in entries
    ]
    return Table(i18n.translate("Trail", language), headings, rows)


def _called(entry: Recorded) -> str:
    """Return under which name the catalogues have what was done: a score is no answer."""
    if is_score(entry.action, entry.about):
        return entry.action.replace("response.", "score.")
    return entry.action


def _changed(questionnaire: Questionnaire, entry: Recorded, language: str) -> tuple[str, str, str]:
    """Return what stood before and after, and the note, reason or text that came with it."""
    if entry.action in {"response.save", "response.carry", "response.take_back"}:
        before, after = _response(entry.before), _response(entry.after)
        note = after.note if after is not None else ""
        return (
            _answer(questionnaire, before, language),
            _answer(questionnaire, after, language),
            note,
        )
    if entry.action in {"action.add", "action.change"}:
        action = msgspec.json.decode(entry.after or "", type=Action)
        return *marks(questionnaire, action, language), in_words(action, language)
    if entry.action == "assessment.take_over":
        return "", _taken_over(entry, language), _words(entry)
    return "", "", _words(entry)


def _taken_over(entry: Recorded, language: str) -> str:
    """Return what a taking over of master data changed."""
    before = msgspec.json.decode(entry.before or "", type=_Owned)
    recorded = msgspec.json.decode(entry.after or "", type=list[msgspec.Raw])
    after = msgspec.json.decode(recorded[0], type=_Owned)
    rows = (described(one, language) for one in changes(before.organisation, after.organisation))
    return "; ".join(f"{what}: {then} → {now}" for what, then, now in rows)


def _response(written: str | None) -> Response | None:
    return None if written is None else msgspec.json.decode(written, type=Response)


def _answer(questionnaire: Questionnaire, response: Response | None, language: str) -> str:
    if response is None or response.indicator not in questionnaire.indicators:
        return ""
    indicator = questionnaire.indicators[response.indicator]
    found = said(questionnaire, indicator, response.answer, language)
    return f"{found.mark} {found.name}".strip()


def _words(entry: Recorded) -> str:
    """Return the text in what was recorded: of a remark, a reason, a name of a file, an answer."""
    after = msgspec.json.decode(entry.after) if entry.after else None
    if isinstance(after, list):  # a step: the assessment, and how it was taken
        after = after[-1]
    if not isinstance(after, dict):
        return ""
    found = [
        str(after[key])
        for key in ("name", "text", "answer", "until", "reason", "person")
        if after.get(key)
    ]
    points = after.get("points") or []
    return " · ".join([*found, *(str(point.get("text", "")) for point in points)])
