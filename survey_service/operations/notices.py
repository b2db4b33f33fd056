"""Telling people, in the transaction of what happened; showing it, and sending it by mail."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct import notices as decided
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.actions import Action
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.consensus import Panellist, met_at
from survey_service.conduct.life import Step
from survey_service.conduct.notices import (
    MAILED_FOR,
    READY_AFTER,
    SILENT,
    Choice,
    Kind,
    News,
    Notice,
    Subscription,
    gathered,
    told_of_step,
)
from survey_service.conduct.remarks import Remark
from survey_service.errors import NotFoundError
from survey_service.i18n import day, translate
from survey_service.operations import audit
from survey_service.operations.jobs import Tools, enqueue
from survey_service.operations.sealing import Sealer, sealer_of
from survey_service.reports.deadlines import deadline
from survey_service.settings import Settings
from survey_service.store import notices, people
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.people import Account

_UNSUBSCRIBING = "mail-"


class Letter(Struct, frozen=True):
    """A letter to be sent: to whom, in one for the day with all that is new, or of what is urgent."""

    person_id: int
    daily: bool = False


class _Taken(Struct, frozen=True):
    account: Account
    language: str | None
    notices: list[Notice]


def tell(tx: Writer, recipients: Iterable[Actor], news: News) -> None:
    """Tell people something, each of them once; who wants that at once is sent it.

    Args:
        tx: The transaction of what happened: both are kept, or neither.
        recipients: Whom.
        news: What.
    """
    now = clock.now()
    ids = sorted({one.id for one in recipients})
    new = notices.add(tx, ids, news, now)
    chosen = notices.subscriptions(tx, new)
    for each in new:
        if chosen[each].choice(news.kind) == "at_once":
            send(tx, Letter(each), f"{each}:{news.key}")


def send(tx: Writer, letter: Letter, key: str) -> None:
    """Have a letter sent; one that finds nothing left to tell is not."""
    payload = msgspec.json.encode(letter).decode()
    enqueue(tx, None, Wanted("notices", f"notices:{key}", payload, "notices"))


def tell_of_step(tx: Writer, actor: Actor, assessment: Assessment, step: Step) -> None:
    """Tell of a step those to whom it means something, but for who took it."""
    owner = assessment.organisation.id
    around = [one for one in notices.around(tx, owner) if one.id != actor.id]
    kind, told = told_of_step(step, around, owner, assessment.state, assessment.stages)
    if kind is not None:
        about = f"assessments/{assessment.id}/result"
        tell(tx, told, _about(assessment, kind, about, actor))


def tell_assigned(
    tx: Writer, actor: Actor, assessment: Assessment, code: str, assignee: int
) -> None:
    """Tell somebody that a part is theirs, unless they took it themselves."""
    about = f"assessments/{assessment.id}/parts/{code}"
    if assignee != actor.id:
        tell(tx, notices.actors(tx, [assignee]), _about(assessment, "assigned", about, actor))


def tell_named(
    tx: Writer, actor: Actor, assessment: Assessment, panel: Iterable[Panellist]
) -> None:
    """Tell those who are now on a panel that they score alone, but for who named them."""
    news = _about(assessment, "panel", f"assessments/{assessment.id}/panel", actor)
    tell(tx, _on(tx, actor, panel), news)


def tell_met(tx: Writer, actor: Actor, assessment: Assessment, panel: Sequence[Panellist]) -> None:
    """Tell a panel that all of it are in and it is time to meet, but for who was the last."""
    _tell_panel(tx, actor, assessment, panel, "panel_met")


def tell_settled(
    tx: Writer, actor: Actor, assessment: Assessment, panel: Sequence[Panellist]
) -> None:
    """Tell a panel that every score it met about is set, but for who set the last one."""
    _tell_panel(tx, actor, assessment, panel, "panel_settled")


def _tell_panel(
    tx: Writer, actor: Actor, assessment: Assessment, panel: Sequence[Panellist], kind: Kind
) -> None:
    """Tell a panel something, once for each time that it meets."""
    about = f"assessments/{assessment.id}/panel"
    news = _about(assessment, kind, about, actor)
    key = f"{kind}:{about}:{met_at(panel)}"
    tell(tx, _on(tx, actor, panel), structs.replace(news, key=key))


def _on(tx: Reader, actor: Actor, panel: Iterable[Panellist]) -> list[Actor]:
    return notices.actors(tx, [one.person_id for one in panel if one.person_id != actor.id])


def tell_owner(
    tx: Writer, actor: Actor, assessment: Assessment, action: Action, organisation_id: int
) -> None:
    """Tell somebody that an action of an organisation is theirs, unless they took it themselves."""
    if action.owner_id is not None and action.owner_id != actor.id:
        about = f"assessments/{assessment.id}/actions/{action.id}"
        told = notices.actors(tx, [action.owner_id])
        news = _about(assessment, "action", about, actor)
        tell(tx, told, structs.replace(news, organisation_id=organisation_id))


def tell_mentioned(tx: Writer, actor: Actor, assessment: Assessment, said: Remark) -> None:
    """Tell those whom a remark mentions, of those who can take part in the talk and see it."""
    below = f"parts/{said.indicator}" if said.indicator else "result"
    owner = assessment.organisation.id
    others = [
        one
        for one in mentionable(tx, assessment)
        if one.id != actor.id and said.audience in one.audiences(owner)
    ]
    about = f"assessments/{assessment.id}/{below}"
    tell(tx, decided.mentioned(said.text, others), _about(assessment, "mentioned", about, actor))


def mentionable(tx: Reader, assessment: Assessment) -> list[Actor]:
    """Return those who can be mentioned on an assessment: who may comment on it."""
    owner = assessment.organisation.id
    return [one for one in notices.around(tx, owner) if may(one, "comment", owner=owner)]


def names_to_choose(tx: Reader, actor: Actor, assessment: Assessment) -> list[tuple[int, str]]:
    """Return the ids and names of those whom an actor can mention, by name."""
    return [(one.id, one.name) for one in mentionable(tx, assessment) if one.id != actor.id]


def tell_ready(tx: Writer, claimed: Claimed) -> None:
    """Tell those who asked for a report, a table or an export that it is there, if they had to wait."""
    if claimed.kind not in {"report", "table", "cycle_reports", "export"}:
        return
    asked_at, about, name, askers = notices.asked(tx, claimed.id)
    if clock.now() - asked_at < READY_AFTER:
        return
    ways = {"report": about.replace("/report?", "/report.pdf?"), "export": about}
    for one in notices.actors(tx, askers):
        news = News(
            "ready",
            f"ready:{claimed.id}",
            ways.get(claimed.kind, f"jobs/{claimed.id}/file"),
            name,
            one.organisation_id,
        )
        tell(tx, [one], news)


def _about(assessment: Assessment, kind: Kind, about: str, actor: Actor) -> News:
    organisation = assessment.organisation
    key = f"{kind}:{about}:{clock.now().isoformat()}"
    return News(kind, key, about, organisation.name, organisation.id, actor.name)


class Feed(Struct, frozen=True):
    """What somebody was told, newest first, with what is alike in a row as one; and how much is unseen.

    `newest` is the id of the first one, up to which they can say that they have seen it, and `last`
    that of the last, before which there is more; 0 for none.
    """

    notices: list[Notice]
    unseen: int
    newest: int
    last: int


def feed(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> Feed:
    """Return what an actor was told of late, of up to `limit` notices."""
    require(actor, "read")
    found = notices.newest(tx, actor, before=before, limit=limit)
    last = found[-1].id if len(found) == limit else 0
    newest = found[0].id if found else 0
    return Feed(gathered(found), notices.count_unseen(tx, actor), newest, last)


def list_all(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> list[Notice]:
    """Return up to `limit` notices to an actor, newest first, each by itself."""
    require(actor, "read")
    return notices.newest(tx, actor, before=before, limit=limit)


def see(tx: Writer, actor: Actor, newest: int) -> None:
    """Record that an actor has seen what they were told, up to a notice."""
    require(actor, "ask")
    notices.see(tx, actor.id, newest, clock.now())


def chosen(tx: Reader, actor: Actor) -> Subscription:
    """Return what an actor chose to be told by mail."""
    return notices.subscriptions(tx, [actor.id])[actor.id]


def choose(tx: Writer, actor: Actor, language: str, mail: Mapping[Kind, Choice]) -> None:
    """Keep in which language an actor is written to, and when of each kind.

    Raises:
        ForbiddenError: The actor acts with a token that may only read.
    """
    require(actor, "ask")
    after = structs.replace(chosen(tx, actor), language=language, mail=mail)
    notices.save_subscription(tx, actor.id, after)
    audit.record(tx, actor, "notices.choose", f"people/{actor.id}", after=dict(mail))


def choose_language(tx: Writer, actor: Actor, language: str) -> None:
    """Keep in which language an actor reads, if that is another one."""
    before = chosen(tx, actor)
    if before.language != language and actor.scope == "write":
        notices.save_subscription(tx, actor.id, structs.replace(before, language=language))


async def unsubscribe(db: Database, sealer: Sealer, token: str, caller: str) -> None:
    """Send no more mail to whom a link was sent to.

    Raises:
        NotFoundError: There is no such link, or they may no longer sign in.
    """
    await db.write(_unsubscribe, unsubscribing(sealer, token), caller)


def unsubscribing(sealer: Sealer, token: str) -> int:
    """Return the id of the person whom a link to unsubscribe was sent to.

    Raises:
        NotFoundError: There is no such link.
    """
    signed = sealer.signed(token) or ""
    written = signed.removeprefix(_UNSUBSCRIBING)
    if written == signed:
        raise NotFoundError
    return int(written)


def _unsubscribe(tx: Writer, person_id: int, caller: str) -> None:
    known = people.credential_of(tx, person_id)
    if known is None:
        raise NotFoundError
    before = notices.subscriptions(tx, [person_id])[person_id]
    notices.save_subscription(tx, person_id, structs.replace(before, mail=SILENT))
    audit.record_account(tx, known, caller, "notices.unsubscribe")


async def deliver(tools: Tools, claimed: Claimed) -> str:
    """Send a letter of what its reader has not seen, once; nothing where there is no mail server.

    Raises:
        MailError: The server did not take it.
    """
    letter = msgspec.json.decode(claimed.payload, type=Letter)
    if tools.mail is None:
        return ""
    zone = zoneinfo.ZoneInfo(tools.settings.time_zone)
    taken = await tools.db.write(_take, claimed, letter, clock.now().astimezone(zone).date())
    if taken is not None:
        to, subject, text = written(taken.account, taken.language, taken.notices, tools.settings)
        headers = _headers(tools.settings, claimed, letter)
        await tools.mail.send(to, subject, text, headers)
        await tools.db.write(notices.mail, claimed.id, clock.now())
    return ""


def _take(tx: Writer, claimed: Claimed, letter: Letter, today: dt.date) -> _Taken | None:
    """Return what a job is to send and to whom; None for nothing, as where today's letter was sent."""
    reader = next(iter(notices.actors(tx, [letter.person_id])), None)
    if reader is None:
        return None
    chosen_ = chosen(tx, reader)
    first = claimed.attempt == 1
    if letter.daily and first and chosen_.digest_on == today:
        return None
    kinds = chosen_.kinds("at_once", "daily") if letter.daily else chosen_.kinds("at_once")
    found = notices.take(tx, reader, kinds, claimed.id, clock.now() - MAILED_FOR)
    account = people.own_account(tx, reader.id)
    if not found or account.email is None:
        return None
    if letter.daily:
        notices.save_subscription(tx, reader.id, structs.replace(chosen_, digest_on=today))
    return _Taken(account, chosen_.language, found)


def written(
    account: Account, language: str | None, told: Sequence[Notice], settings: Settings
) -> tuple[str, str, str]:
    """Return whom a letter goes to, and what it says: its subject and its text."""
    spoken, public = language or settings.language, settings.address
    lines = gathered(told)
    sentences = [sentence(one, spoken) for one in lines]
    text = translate(
        "Hello {name},\n\n{news}\n\nChoose your notifications: {choices}\nNo more mail: {stop}\n",
        spoken,
        name=account.name,
        news="\n\n".join(
            f"{said}\n{public}/{one.about}" for said, one in zip(sentences, lines, strict=True)
        ),
        choices=f"{public}/notices/choices",
        stop=_stop(settings, account.id),
    )
    several = translate(
        "{count} notifications from the reform assessments", spoken, count=len(lines)
    )
    return account.email or "", sentences[0] if len(lines) == 1 else several, text


def sentence(notice: Notice, language: str) -> str:
    """Return in one line what a notice tells."""
    values = {"name": notice.name, "author": notice.author, "count": notice.count}
    said = translate(notice.words, language, **values, day=_day(notice, language))
    return " ".join(said.split())  # a name may have a line break, and a header none


def _day(notice: Notice, language: str) -> str:
    """Return the last day, and how long it still is; "" for none."""
    if notice.day is None:
        return ""
    if notice.time_zone is None:  # told of before it was kept where the day ends
        return day(notice.day, language)
    return deadline(notice.day, notice.time_zone, clock.now(), language)


def _headers(settings: Settings, claimed: Claimed, letter: Letter) -> dict[str, str]:
    """Return what lets a mailbox unsubscribe with one click, and know a letter sent twice as one."""
    host = urlsplit(settings.address).hostname
    return {
        "Message-ID": f"<notices-{claimed.id}@{host}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{_stop(settings, letter.person_id)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _stop(settings: Settings, person_id: int) -> str:
    token = sealer_of(settings).sign(f"{_UNSUBSCRIBING}{person_id}")
    return f"{settings.address}/unsubscribe/{token}"
