"""The log loses nothing and doubles nothing, whoever numbers entries and whatever cuts them off."""

import asyncio
import random
import sys

import sqlalchemy as sa

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.merkle import Peaks, Place, hash_of, inclusion, leaf_hash
from survey_service.conduct.trail import Break, Event
from survey_service.operations import assessments, audit, log
from survey_service.store import audit as trail
from survey_service.store import log as stored
from survey_service.store.database import (
    Database,
    PostgreSQL,
    Reader,
    SQLite,
    Writer,
    connect,
    is_postgresql,
)
from survey_service.store.tables.log import entry, leaf, pending
from tests.samples import ROOT

_ROUNDS = 3


def _recorded(tx: Reader) -> list[str]:
    """Return what entries are about, in the order of their numbers."""
    numbered = sa.select(entry.c.about).join_from(leaf, entry).order_by(leaf.c.number)
    return list(tx.execute(numbered.where(entry.c.action == "test.write")).scalars())


def _counts(tx: Reader) -> tuple[int, int, int]:
    """Return how many entries, leaves and entries without a number there are."""
    found = [
        tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (entry, leaf, pending)
    ]
    return found[0], found[1], found[2]


async def test_every_entry_has_its_number_once_however_many_number_them(db: Database) -> None:
    others = [PostgreSQL(url) for url in _urls(db) * 3]
    writes = [db.write(audit.record_system, "test.write", str(one)) for one in range(300)]

    await asyncio.gather(*writes, *(one.sequence() for one in others for _ in range(10)))
    await asyncio.gather(*(log.number_all(one) for one in (db, *others)))

    entries, leaves, waiting = await db.read(_counts)
    assert (leaves, waiting) == (entries, 0)
    assert sorted(await db.read(_recorded), key=int) == [str(one) for one in range(300)]
    assert await db.read(log.verify, {}) == []
    for one in others:
        await one.close()


def _urls(db: Database) -> list[str]:
    """Return the address of a server that several may number entries on; none for SQLite."""
    if isinstance(db, SQLite):
        return []
    return [db._engine.url.render_as_string(hide_password=False)]


async def test_a_sequencer_that_finds_another_at_it_leaves_it_to_them(db: Database) -> None:
    if isinstance(db, SQLite):  # each write numbers its own entries
        return
    await db.write(audit.record_system, "test.write", "x")
    lock = sa.select(sa.func.pg_advisory_xact_lock(stored._LOCK))
    async with db._engine.connect() as other, other.begin():
        await other.execute(lock)

        assert not await db.sequence()
        assert (await db.read(_counts))[2] > 0

    await log.number_all(db)
    assert (await db.read(_counts))[2] == 0


async def test_entries_about_one_assessment_have_ids_in_the_order_in_which_they_are_seen(
    db: Database, alice: Actor
) -> None:
    """Else a page of a trail, or its newest entry, would pass one over that comes later."""
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")
    seen: list[int] = []
    done = asyncio.Event()

    async def watch() -> None:
        while not done.is_set():
            after = seen[-1] if seen else 0
            found = await db.read(
                trail.of_assessment, alice, opened.id, [], after=after, limit=1000
            )
            seen.extend(one.id for one in found)

    watching = asyncio.create_task(watch())
    about = [db.write(audit.record_about, alice, "test.write", opened.id) for _ in range(200)]
    await asyncio.gather(*about)
    done.set()
    await watching
    found = await db.read(trail.of_assessment, alice, opened.id, [], after=seen[-1], limit=1000)
    seen += [one.id for one in found]

    everything = await db.read(trail.of_assessment, alice, opened.id, [], after=0, limit=1000)
    assert seen == [one.id for one in everything]
    assert len(seen) == 201


async def test_who_is_killed_while_recording_has_lost_nothing_and_doubled_nothing(
    database: str,
) -> None:
    """Kill at random, again and again: what was confirmed is there, and the log is whole."""
    together = 2 if is_postgresql(database) else 1
    confirmed: list[str] = []

    for turn in range(_ROUNDS):
        names = [f"{turn}-{number}" for number in range(together)]
        told = await asyncio.gather(*(_killed(database, name) for name in names))
        confirmed += [line for lines in told for line in lines]

    db = connect(database)
    await log.number_all(db)
    entries, leaves, waiting = await db.read(_counts)
    recorded = await db.read(_recorded)
    assert len(confirmed) > _ROUNDS
    assert set(confirmed) <= set(recorded)
    assert len(recorded) == len(set(recorded))
    assert (leaves, waiting) == (entries, 0)
    assert await db.read(log.verify, {}) == []
    await db.close()


async def _killed(database: str, name: str) -> list[str]:
    """Let a process record until it is killed; return what it said was recorded."""
    command = ("-m", "tests.store.writing", database, name)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    first = await process.stdout.readline()
    await asyncio.sleep(random.uniform(0, 0.7))
    process.kill()
    rest = await process.stdout.read()
    await process.wait()
    lines = (first + rest).decode().split("\n")
    return lines[:-1]  # what follows the last line was cut off


async def test_the_log_goes_on_where_somebody_took_a_part_of_it_away(db: Database) -> None:
    """What was taken is told for ever, and nobody is kept from working."""

    def take(tx: Writer) -> None:
        if isinstance(db, SQLite):
            tx.execute(sa.text("drop trigger leaf_no_delete"))
        else:
            tx.execute(sa.text("alter table leaf disable trigger leaf_append_only"))
        tx.execute(sa.delete(leaf).where(leaf.c.number == 8))

    await db.write(take)
    await db.write(audit.record_system, "test.write", "x")
    await log.number_all(db)

    assert await db.read(_recorded) == ["x"]
    assert (await db.read(log.verify, {}))[0] == Break("removed", 8)


async def test_a_log_of_any_size_gives_the_roots_and_proofs_of_its_leaves(db: Database) -> None:
    def fill(tx: Writer) -> None:
        for number in range(70):
            who = trail.By("-", None, "-")
            trail.add(tx, Event("test.write", str(number)), who, clock.now(), None)
            stored.sequence_all(tx)

    await db.write(fill)

    kept, roots = await db.read(_reckoned)
    assert len(roots) > 70
    for size in range(1, len(roots)):
        assert await db.read(stored.root, size) == roots[size]
        ranges = inclusion(size // 3, size)
        assert await db.read(stored.proof, ranges) == tuple(hash_of(one, kept) for one in ranges)


def _reckoned(tx: Reader) -> tuple[dict[Place, bytes], list[bytes]]:
    """Return every full subtree, and the root at every size, from the entries alone."""
    tree, kept = Peaks(), dict[Place, bytes]()
    roots = [tree.root]
    for one in trail.entries(tx):
        kept.update(tree.append(leaf_hash(one.entry.leaf)))
        roots.append(tree.root)
    return kept, roots
