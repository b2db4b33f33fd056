"""A paper that was handed out is found again by the log alone, until something may have changed it."""

import asyncio
import hashlib
import itertools
from collections.abc import Awaitable, Callable

from litestar import Litestar
from litestar.testing import AsyncTestClient
from msgspec import Struct

from survey_service.operations import kept_papers
from survey_service.operations.kept_papers import Kept, KeptPapers, PaperSought
from survey_service.operations.log import number_all
from survey_service.operations.reports import asked_for, shown_by
from survey_service.store.database import Database
from tests.country import As, Country, settle_person
from tests.web.test_papers import ALWAYS

Client = AsyncTestClient[Litestar]


class _Cycle(Struct, frozen=True):
    """A cycle with two participants, and where their assessments are."""

    client: Client
    country: Country
    db: Database
    own: str
    other: str

    async def paper(self) -> bytes:
        """Fetch alice's summary; it is numbered in the log that she did."""
        answer = await As(self.client, "alice").ask("GET", self._summary)
        assert answer.status_code == 200, answer.text
        return answer.content

    async def asked(self, tag: str) -> int:
        """Return the status for somebody who has a paper with a tag."""
        headers = {"If-None-Match": tag}
        return (
            await As(self.client, "alice").ask("GET", self._summary, headers=headers)
        ).status_code

    async def tag(self) -> str:
        """Return the tag of the paper."""
        return str((await As(self.client, "alice").ask("GET", self._summary)).headers["ETag"])

    @property
    def _summary(self) -> str:
        return f"{self.own}/report?lang=en&paper=summary"

    async def is_known(self, login: str = "alice") -> bool:
        """Whether alice's summary is remembered, and still the one for somebody."""
        services = self.client.app.state.services
        kept = services.papers.get(self.sought.key)
        if kept is None:
            return False
        actor, id_ = self.country.people[login], self.sought.assessment_id
        return await self.db.read(kept_papers.is_current, actor, services.papers, id_, kept)

    @property
    def sought(self) -> PaperSought:
        """What alice asks for."""
        settings = self.client.app.state.services.settings
        asked, shown = asked_for(settings, "summary", "en"), shown_by(settings)
        return PaperSought("alice", int(self.own.rpartition("/")[2]), asked, shown)


async def _two(client: Client, country: Country, db: Database) -> _Cycle:
    ministry = As(client, "ministry@Agency")
    office = country.organisations["Office"]
    await db.write(settle_person, "eve", "coordinator", office)
    plan = {
        "name": "Siklus 2026",
        "questionnaire": "two-dimensions@1",
        "windows": {"self": ALWAYS, "external": ALWAYS},
        "participants": [country.organisations["Agency"], office],
    }
    cycle = (await ministry("POST", "/cycles", plan, expects=201))["id"]
    await ministry("POST", f"/cycles/{cycle}/opening", expects=201)
    paths = []
    for login in ("alice", "eve"):
        made = await As(client, login)("POST", "/assessments", {"cycle": cycle}, expects=201)
        paths.append(f"/assessments/{made['id']}")
        for code in "ABCDE":
            await As(client, login).answer(paths[-1], code, 4)
    return _Cycle(client, country, db, *paths)


Do = Callable[[_Cycle], Awaitable[object]]


async def _fetch(two: _Cycle) -> None:
    await two.paper()


async def _peer_answers(two: _Cycle) -> None:
    await As(two.client, "eve").answer(two.other, "A", 5, seen=1)


async def _somebody_signs_out(two: _Cycle) -> None:
    await As(two.client, "eve")("DELETE", "/sessions/current", expects=204)


async def _own_answer(two: _Cycle) -> None:
    await As(two.client, "alice").answer(two.own, "A", 5, seen=1)


async def _peer_hands_in(two: _Cycle) -> None:
    await As(two.client, "eve")("POST", f"{two.other}/steps", {"step": "submit"}, expects=201)


async def _own_step(two: _Cycle) -> None:
    await As(two.client, "alice")("POST", f"{two.own}/steps", {"step": "submit"}, expects=201)


async def _own_remark(two: _Cycle) -> None:
    remark = {"text": "well kept", "indicator": "B"}
    await As(two.client, "alice")("POST", f"{two.own}/remarks", remark, expects=201)


async def _organisation(two: _Cycle) -> None:
    ministry = As(two.client, "ministry@Agency")
    given = {"name": "New", "kind": "unit", "parent_id": two.country.organisations["Agency"]}
    await ministry("POST", "/organisations", given, expects=201)


async def test_what_changes_no_paper_leaves_it_known(
    client: Client, country: Country, db: Database
) -> None:
    two = await _two(client, country, db)
    before = await two.is_known()
    content = await two.paper()

    left = []
    for do in (_fetch, _peer_answers, _fetch, _somebody_signs_out):
        await do(two)
        left.append(await two.is_known())

    assert not before
    assert left == [True] * 4
    assert await two.paper() == content


async def test_what_may_change_it_has_it_gathered_anew(
    client: Client, country: Country, db: Database
) -> None:
    two = await _two(client, country, db)
    found, papers, tags = {}, [await two.paper()], [await two.tag()]

    for do in (_own_answer, _own_remark, _organisation, _peer_hands_in, _own_step):
        await do(two)
        at_once = await two.is_known()
        await number_all(db)
        found[do.__name__] = (at_once, await two.is_known())
        papers.append(await two.paper())
        tags.append(await two.tag())

    assert found == dict.fromkeys(found, (False, False))
    changed = [one != other for one, other in itertools.pairwise(papers)]
    assert changed == [True, False, False, False, True]  # a remark of the team stays with it
    assert [tags[n] != tags[n + 1] for n in range(5)] == changed


async def test_what_somebody_has_is_not_sent_again(
    client: Client, country: Country, db: Database
) -> None:
    two = await _two(client, country, db)
    await two.paper()
    tag = await two.tag()

    same, other = await two.asked(tag), await two.asked('"other"')
    await _own_answer(two)
    await two.paper()
    later = await two.asked(tag)

    assert (same, other, later) == (304, 200, 200)


async def test_each_sees_their_own(client: Client, country: Country, db: Database) -> None:
    two = await _two(client, country, db)
    await two.paper()

    assert not await two.is_known("bob")
    assert await two.is_known()


async def test_a_file_that_is_gone_is_made_anew(
    client: Client, country: Country, db: Database
) -> None:
    two = await _two(client, country, db)
    content = await two.paper()
    services = client.app.state.services
    await services.files.remove(services.papers.get(two.sought.key).path)

    assert await two.paper() == content


def test_only_so_many_are_remembered() -> None:
    papers = KeptPapers(most=2)
    for key in "abac":
        papers.remember(Kept(key, (1, "auditor", 1), "reports/x.pdf", "x.pdf", 1, (1,), None))

    assert [papers.get(key) is not None for key in "abc"] == [True, False, True]


async def test_each_time_it_is_recorded_who_got_what(
    client: Client, country: Country, db: Database
) -> None:
    two = await _two(client, country, db)

    content, *_ = [await two.paper() for _ in range(3)]

    trail = (await As(client, "alice")("GET", f"{two.own}/trail?kind=downloads"))["items"]
    digest = hashlib.sha256(content).hexdigest()
    assert [digest in one["after"] for one in trail] == [True] * 3


async def test_many_who_ask_at_once_get_the_same(
    client: Client, country: Country, db: Database
) -> None:
    two = await _two(client, country, db)
    await two.paper()

    assert len(set(await asyncio.gather(*(two.paper() for _ in range(4))))) == 1
