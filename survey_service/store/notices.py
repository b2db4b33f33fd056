"""Notices to people, and what of them they want by mail.

Nobody is told of what they do not see, nor who may not sign in, nor of what belongs to an
organisation that is deactivated.
"""

import datetime as dt
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.conduct.access import Actor, Role
from survey_service.conduct.life import State
from survey_service.conduct.notices import Kind, News, Notice, Subscription
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import above, below
from survey_service.store.people import may_sign_in
from survey_service.store.tables import GOING_ON, assessment, organisation, participant, person
from survey_service.store.tables.jobs import job, job_asker
from survey_service.store.tables.notices import notice, subscription


class Place(Struct, frozen=True):
    """Where an organisation stands in a cycle: its assessment's id and state, None while it has none."""

    organisation_id: int
    name: str
    assessment: int | None
    state: State | None


_NOTICE = tuple(notice.c[field] for field in Notice.__struct_fields__)
_TOLD: tuple[Role, ...] = ("respondent", "coordinator", "inspector", "evaluator")
_ACTOR = sa.select(
    person.c.id, person.c.name, person.c.role, person.c.organisation_id, person.c.login
).where(may_sign_in())
_owner = organisation.alias("owner")
_OWNER = sa.bindparam("owner", type_=sa.Integer)
_AROUND = _ACTOR.where(
    person.c.organisation_id.in_(above(_OWNER)),
    person.c.role.in_(_TOLD),
    sa.exists().where(_owner.c.id == _OWNER, _owner.c.active),
).order_by(person.c.name)

_PATH = sa.literal("assessments/") + sa.cast(assessment.c.id, sa.Text) + "/"
_OF_DISCARDED = sa.exists().where(
    assessment.c.organisation_id == notice.c.organisation_id,
    assessment.c.discarded_at.is_not(None),
    notice.c.about.startswith(_PATH),
)


def around(tx: Reader, owner: int) -> list[Actor]:
    """Return those who work on the assessments of an organisation or check them, by name."""
    return [Actor(*row) for row in tx.execute(_AROUND, {"owner": owner})]


def folk(tx: Reader) -> list[Actor]:
    """Return everybody who works on assessments or checks them."""
    return [Actor(*row) for row in tx.execute(_ACTOR.where(person.c.role.in_(_TOLD)))]


def actors(tx: Reader, ids: Collection[int]) -> list[Actor]:
    """Return those of some people who can be told anything."""
    return [Actor(*row) for row in tx.execute(_ACTOR.where(person.c.id.in_(ids)))]


def add(tx: Writer, people: Sequence[int], news: News, at: dt.datetime) -> list[int]:
    """Keep news for people, and return the ids of those who had not been told."""
    same = sa.and_(notice.c.key == news.key, notice.c.person_id.in_(people))
    told = set(tx.execute(sa.select(notice.c.person_id).where(same)).scalars())
    new = [each for each in people if each not in told]
    if new:
        said = {**structs.asdict(news), "at": at}
        tx.execute(sa.insert(notice), [{**said, "person_id": each} for each in new])
    return new


def newest(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> list[Notice]:
    """Return up to `limit` notices to an actor, newest first, with ids below `before`."""
    query = sa.select(*_NOTICE).where(_to(actor)).order_by(notice.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(notice.c.id < before)
    return [Notice(*row) for row in tx.execute(query)]


def count_unseen(tx: Reader, actor: Actor) -> int:
    """Return how many notices an actor has not seen."""
    unseen = sa.and_(_to(actor), notice.c.seen_at.is_(None))
    query = sa.select(sa.func.count()).select_from(notice).where(unseen)
    return int(tx.execute(query).scalar_one())


def see(tx: Writer, person_id: int, newest_id: int, at: dt.datetime) -> None:
    """Record that somebody has seen what they were told, up to a notice."""
    theirs = sa.and_(notice.c.person_id == person_id, notice.c.id <= newest_id)
    unseen = sa.update(notice).where(theirs, notice.c.seen_at.is_(None))
    tx.execute(unseen.values(seen_at=at))


def _to(actor: Actor) -> sa.ColumnElement[bool]:
    seen = below(sa.literal(actor.organisation_id, sa.Integer))
    mine = sa.and_(notice.c.person_id == actor.id, notice.c.organisation_id.in_(seen))
    return sa.and_(mine, ~_OF_DISCARDED)


def subscriptions(tx: Reader, people: Collection[int]) -> dict[int, Subscription]:
    """Return what some people chose, by id; what is usual for those who chose nothing."""
    columns = (subscription.c.language, subscription.c.mail, subscription.c.digest_on)
    query = sa.select(subscription.c.person_id, *columns).where(
        subscription.c.person_id.in_(people)
    )
    chosen = {row[0]: Subscription(*row[1:]) for row in tx.execute(query)}
    return {each: chosen.get(each, Subscription()) for each in people}


def save_subscription(tx: Writer, person_id: int, chosen: Subscription) -> None:
    """Keep what somebody chose."""
    values = {**structs.asdict(chosen), "mail": dict(chosen.mail)}
    known = sa.update(subscription).where(subscription.c.person_id == person_id)
    if tx.execute(known.values(values)).rowcount == 0:
        tx.execute(sa.insert(subscription).values(person_id=person_id, **values))


def take(
    tx: Writer, actor: Actor, kinds: Collection[Kind], job_id: int, since: dt.datetime
) -> list[Notice]:
    """Return, oldest first, what a job is to send to an actor: from now on no other one sends it.

    That is what it took before and did not send, and what of some kinds nobody took and the actor has
    not seen.
    """
    open_ = sa.and_(_to(actor), notice.c.kind.in_(kinds), notice.c.at >= since)
    unseen = sa.and_(notice.c.seen_at.is_(None), notice.c.job_id.is_(None))
    active = sa.select(organisation.c.id).where(organisation.c.active)
    wanted = sa.update(notice).where(open_, unseen, notice.c.organisation_id.in_(active))
    tx.execute(wanted.values(job_id=job_id))
    mine = sa.and_(_to(actor), notice.c.job_id == job_id, notice.c.mailed_at.is_(None))
    rows = tx.execute(sa.select(*_NOTICE).where(mine).order_by(notice.c.id))
    return [Notice(*row) for row in rows]


def mail(tx: Writer, job_id: int, at: dt.datetime) -> None:
    """Record that a job has sent what it took."""
    tx.execute(sa.update(notice).where(notice.c.job_id == job_id).values(mailed_at=at))


def waiting(tx: Reader, since: dt.datetime, *, after: int, limit: int) -> list[int]:
    """Return up to `limit` people with notices that nobody took to be sent, with ids above `after`."""
    open_ = sa.and_(
        notice.c.at >= since,
        notice.c.job_id.is_(None),
        notice.c.seen_at.is_(None),
        notice.c.person_id > after,
        may_sign_in(),
        person.c.email.is_not(None),
    )
    query = sa.select(notice.c.person_id).join_from(
        notice, person, notice.c.person_id == person.c.id
    )
    found = query.where(open_).distinct().order_by(notice.c.person_id).limit(limit)
    return list(tx.execute(found).scalars())


def remove(tx: Writer, by: dt.datetime, limit: int) -> int:
    """Forget up to `limit` notices from before a moment, and return how many were forgotten."""
    old = sa.select(notice.c.id).where(notice.c.at <= by).limit(limit)
    return tx.execute(sa.delete(notice).where(notice.c.id.in_(old))).rowcount


def places(tx: Reader, cycle_id: int) -> list[Place]:
    """Return where those stand who take part in a cycle and are active."""
    here = sa.and_(
        assessment.c.organisation_id == participant.c.organisation_id,
        assessment.c.cycle_id == participant.c.cycle_id,
        GOING_ON,
    )
    query = (
        sa.select(organisation.c.id, organisation.c.name, assessment.c.id, assessment.c.state)
        .join_from(participant, organisation)
        .outerjoin(assessment, here)
        .where(
            participant.c.cycle_id == cycle_id,
            participant.c.withdrawn_because.is_(None),
            organisation.c.active,
        )
        .order_by(organisation.c.id)
    )
    return [Place(*row) for row in tx.execute(query)]


def asked(tx: Reader, job_id: int) -> tuple[dt.datetime, str, str, list[int]]:
    """Return when a job was asked for, what it is about, what that is called, and who asked."""
    one = tx.execute(
        sa.select(job.c.created_at, job.c.about, job.c.name).where(job.c.id == job_id)
    ).one()
    askers = sa.select(job_asker.c.person_id).where(job_asker.c.job_id == job_id)
    return one[0], one[1], one[2], list(tx.execute(askers).scalars())
