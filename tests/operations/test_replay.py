"""Everything that people do is accounted for by what is recorded of it, and nothing beyond."""

import pytest
import sqlalchemy as sa

from survey_service.conduct.organisations import Listed
from survey_service.conduct.people import ListedPerson
from survey_service.library.questionnaires import files
from survey_service.operations import command_lists, demo, people, replay
from survey_service.operations.jobs import Tools
from survey_service.operations.worker import Worker
from survey_service.store.database import Database, Reader
from survey_service.store.people import Person
from survey_service.store.tables import metadata
from tests.accounts import enrolled, redeem, sign_in, token_in
from tests.country import As, Client, settle
from tests.files import PDF
from tests.lists import entries
from tests.samples import LIBRARY

SHIPPED = [(str(path), path.read_bytes()) for path in files(LIBRARY)]
ACCOUNTED = {
    "action", "action_evidence", "assessment", "assignment", "cycle", "evidence", "extension", "organisation", "participant", "person",
    "questionnaire", "ready", "remark", "report", "response", "revision", "secret", "step",
}  # fmt: skip
UNRECORDED = {
    "attempt": "counted, and forgotten",
    "calendar_link": "its digest is the key",
    "drafted_list": "forgotten in a week; what it changes is recorded",
    "drafted_workbook": "forgotten in a month; what it changes is recorded",
    "workbook_mapping": "how sheets are read; each change is recorded whole",
    "familiar": "from where people sign in, and forgotten",
    "file": "evidence names it by its digest",
    "issued": "each is an entry, `report.issue`, and none is ever changed",
    "issued_release": "likewise",
    "idempotency": "what was answered before",
    "independent_score": "kept from everybody until all are in; then an entry, `panel.meet`, has them all",
    "job": "forgotten once it is done", "job_asker": "forgotten with the job",
    "notice": "what was told, and forgotten in time",
    "one_time_link": "good for once",
    "recovery_code": "good for once",
    "panellist": "each change is an entry, `panel.name` or `panel.hand_in`",
    "presence": "for seconds",
    "publication": "what is published is an entry, `report.issue`, with its digest; drafts are replaced",
    "publication_file": "the log has the digest of what lists them",
    "reminder": "when somebody was reminded; that it was asked for is recorded",
    "result": "reckoned anew by `doctor --recompute`",
    "session": "its digest is the key",
    "subscription": "what people like to be told",
    "succession": "each is an entry, `organisation.succeed`, and none is ever changed",
    "tally": "counts",
    "webhook": "where programs are told; that it was added is recorded",
    "whereabouts": "entries hold their digests",
    "entry": "the record itself", "leaf": "the record itself", "pending": "the record itself",
}  # fmt: skip
"""Tables that no entry tells of, and why not; a new table must be in one of the two."""


def test_every_table_is_accounted_for_or_said_why_not() -> None:
    assert ACCOUNTED | UNRECORDED.keys() == metadata.tables.keys()


def _filled(tx: Reader) -> set[str]:
    return {
        name
        for name, table in metadata.tables.items()
        if tx.execute(sa.select(table).limit(1)).first() is not None
    }


async def test_the_demo_country_is_accounted_for(db: Database) -> None:
    await db.write(demo.seed, SHIPPED)
    await db.write(demo.seed, SHIPPED)

    assert await db.read(replay.unaccounted) == []


async def test_what_comes_from_the_command_line_is_accounted_for(db: Database) -> None:
    rows = entries(
        Listed("Province", "province"), Listed("Kota Contoh", "city", "Province", active=False)
    )

    for _ in range(2):
        await db.write(
            people.add, "budi", "Budi", "coordinator", "Kota Contoh", "city", {"island": "Jawa"}
        )
    await command_lists.import_list(db, "list.csv", rows)

    assert await db.read(replay.unaccounted) == []


async def test_what_people_do_is_accounted_for(client: Client, db: Database) -> None:
    country = await settle(db)
    agency = country.organisations["Agency"]
    alice, ministry = As(client, "alice"), As(client, "ministry@Agency")
    inspector, evaluator = As(client, "inspector@Agency"), As(client, "evaluator@Agency")
    administrator = As(client, "administrator@Agency")

    window = {"opens": "2020-01-01", "closes": "2040-01-01"}
    plan = {
        "name": "Cycle", "questionnaire": "two-dimensions@1", "participants": [agency],
        "windows": {"self": window, "internal": window, "external": window},
    }  # fmt: skip
    cycle = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{cycle['id']}/opening", expects=201)
    for until in ("2041-01-01", "2042-01-01"):
        more = {"organisation_id": agency, "until": until, "reason": "A flood."}
        await ministry("POST", f"/cycles/{cycle['id']}/extensions", more, expects=201)
    made = await alice("POST", "/assessments", {"cycle": cycle["id"]}, expects=201)
    path = f"/assessments/{made['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 3, "as said")
    await alice.answer(path, "A", 4, seen=1)
    await alice("PUT", f"{path}/assignments/A", {"person_id": country.people["alice"].id})
    await alice("PUT", f"{path}/assignments/B", {"person_id": country.people["alice"].id})
    await alice("PUT", f"{path}/assignments/A", {"person_id": None})
    other = country.people["respondent@Agency"].id
    await alice("PUT", f"{path}/assignees/{country.people['alice'].id}", {"person_id": other})
    await alice("PUT", f"{path}/responses/A/ready", {"ready": True})
    upload = f"{path}/responses/A/evidence/files?name=a.pdf"
    pdf = {"Content-Type": "application/pdf"}
    kept = await alice("POST", upload, content=PDF, headers=pdf, expects=201)
    await alice("DELETE", f"{path}/evidence/{kept['id']}", expects=200)
    remark = await alice("POST", f"{path}/remarks", {"text": "why?"}, expects=201)
    await alice("POST", f"{path}/remarks/{remark['id']}/resolution", {"answer": "so"}, expects=201)
    steps = [{"indicator": code, "after": {"level": 5}} for code in "ABA"]
    planned = await alice("POST", f"{path}/actions", {"actions": steps}, expects=201)
    assert len({one["id"] for one in planned["items"]}) == 2
    action = f"{path}/actions/{planned['items'][0]['id']}"
    tag = (await alice.ask("GET", action)).headers["etag"]
    change = {"after": {"level": 4}, "owner": "Bureau", "due": "2030-01-01", "state": "started"}
    await alice("PUT", action, change, headers={"If-Match": tag})
    upload = f"{action}/evidence/files?name=b.pdf"
    piece = await alice("POST", upload, content=PDF, headers=pdf, expects=201)
    await alice("DELETE", f"{action}/evidence/{piece['id']}")
    await alice("POST", upload, content=PDF, headers=pdf, expects=201)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    point = {"kind": "point", "indicator": "B", "text": "kept"}
    await inspector("POST", f"{path}/remarks", point, expects=201)
    slip = await inspector("POST", f"{path}/remarks", {**point, "text": "slip"}, expects=201)
    await inspector("DELETE", f"{path}/remarks/{slip['id']}", expects=204)
    points = [{"text": "mend", "indicator": "A"}, {"text": "all"}]
    await inspector("POST", f"{path}/steps", {"step": "return", "points": points}, expects=201)
    await alice.answer(path, "A", 2, seen=2)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    await inspector.answer(path, "B", 1, "not shown", stage="internal")
    await inspector("POST", f"{path}/acceptance", {"stage": "internal"}, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "pass_on"}, expects=201)
    await evaluator("POST", f"{path}/acceptance", {"stage": "external"}, expects=201)
    await evaluator("POST", f"{path}/steps", {"step": "finalise"}, expects=201)
    await ministry("POST", f"{path}/steps", {"step": "reopen", "reason": "an error"}, expects=201)
    await alice.ask("GET", f"{path}/report")
    own = await alice("POST", "/assessments", {"questionnaire": "old@1"}, expects=201)
    await alice.answer(f"/assessments/{own['id']}", "1", 3)
    await alice(
        "POST", f"/assessments/{own['id']}/successor", {"questionnaire": "new@1"}, expects=201
    )
    for brought_back in (True, False):
        slip = await alice("POST", "/assessments", {"questionnaire": "old@1"}, expects=201)
        await alice.answer(f"/assessments/{slip['id']}", "1", 2)
        thrown = f"/assessments/{slip['id']}/discarding"
        await alice("POST", thrown, expects=201)
        if brought_back:
            await alice("DELETE", thrown)
    wanted = {"login": "dina", "name": "Dina", "role": "respondent", "organisation_id": agency}
    invited = await administrator("POST", "/people", wanted, expects=201)
    assert invited["account"]["login"] == "dina"
    await redeem(client, token_in(invited))
    await enrolled(client, (await sign_in(client))["token"])
    await administrator("DELETE", f"/people/{invited['account']['id']}/single-sign-on")

    assert await db.read(replay.unaccounted) == []
    assert await db.read(_filled) >= ACCOUNTED


async def test_a_list_of_people_is_accounted_for(tools: Tools) -> None:
    db = tools.db
    country = await settle(db)
    administrator = country.people["administrator@Agency"]
    rows = [ListedPerson("dina", "Dina", "respondent", "Agency", "dina@mail.example")]

    wanted = await db.read(people.preview, administrator, rows)
    await db.write(people.request_import, administrator, wanted, None)
    await Worker(tools).work_until_idle()
    await db.write(people.enter, Person("eko", "Eko", "auditor", country.organisations["Office"]))

    assert await db.read(replay.unaccounted) == []


@pytest.mark.parametrize("role", ["ministry", "auditor"])
async def test_who_took_a_role_by_sql_is_named(db: Database, role: str) -> None:
    country = await settle(db)
    someone = country.people["charlie"]
    taken = sa.text("update person set role = :role where id = :id")

    await db.write(lambda tx: tx.execute(taken, {"role": role, "id": someone.id}))

    (found,) = await db.read(replay.unaccounted)
    assert (found.reason, found.about) == ("altered", f"people/{someone.id}")
