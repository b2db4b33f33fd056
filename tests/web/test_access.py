"""Every route tried as every role, in the right organisation and in a wrong one.

What is expected follows from the action that a route declares and from the access table. A route
that is new and unknown here fails the test: it must be told what to try it with.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from httpx import Response
from litestar.routes import HTTPRoute
from msgspec import Struct, structs

from survey_service import clock
from survey_service.analysis.publications import ARCHIVE, PAPERS, Memory, Publication, Told
from survey_service.analysis.releases import Figure
from survey_service.conduct.access import ROLES, Action, Role, may
from survey_service.conduct.evidence import Kept
from survey_service.conduct.life import Stage
from survey_service.operations.evidence import path
from survey_service.operations.log import number_all
from survey_service.settings import Settings
from survey_service.store import cycles, evidence, publications
from survey_service.store.database import Writer, connect
from survey_service.web.api.workbooks import XLSX
from tests.country import As, Client, Country
from tests.files import PDF
from tests.samples import LIBRARY, ON_SQLITE

CANARY = "canary-5e1f"
MAPPING = "name: LKE\nquestionnaire: two-dimensions\nsheets: [{code: B, answer: C}]\n"
NOBODY = 2**30  # the id of nothing
PARTS = 4  # in which all routes are asked, beside one another

WINDOW = {"opens": "2020-01-01", "closes": "2040-01-01"}
PLAN = {
    "name": "a plan",
    "questionnaire": "two-dimensions@1",
    "windows": {"self": WINDOW, "external": WINDOW},
}
BODIES: dict[str, Any] = {
    "withdrawParticipant": {"organisation_id": 1, "reason": "x"},
    "extendParticipant": {"organisation_id": 1, "reason": "x", "until": "2041-01-01"},
    "takeOverOrganisation": {"reason": "x"},
    "openAssessment": {"questionnaire": "two-dimensions@1"},
    "saveResponse": {"level": 2},
    "namePanel": {"people": [1, 2]},
    "scoreAlone": {"level": 2},
    "replaySaves": {"items": [{"indicator": "B", "level": 2}]},
    "takeOverAnswers": {},
    "confirmAnswers": {"part": "merit"},
    "planRoadmap": {"target": "good"},
    "takeInWorkbook": {"seen": "x"},
    "planActions": {
        "actions": [
            {
                "indicator": "A",
                "after": {"level": 4},
                "before": {"level": 3},
                "owner": "Bureau",
                "due": "2040-01-01",
                "notes": "x",
            }
        ]
    },
    "changeAction": {
        "after": {"level": 4},
        "owner": "Bureau",
        "due": "2040-01-01",
        "state": "dropped",
        "reason": "x",
        "notes": "x",
    },
    "attachActionEvidence": {"name": "x", "url": "https://example.go.id"},
    "keepMapping": {"content": MAPPING},
    "takeStep": {"step": "submit"},
    "acceptRest": {"stage": "internal"},
    "move": {"questionnaire": "new@1"},
    "remark": {"text": "x"},
    "resolveRemark": {},
    "assignPart": {"person_id": None},
    "reassign": {"person_id": None},
    "markReady": {"ready": True},
    "attachEvidence": {"name": "x", "url": "https://example.go.id"},
    "draftRelease": {"named": False, "reason": "x"},
    "publishRelease": {"digests": "x"},
    "makeExport": {"name": "another", "replace": True},
    "gatherReports": {"paper": "report", "language": "id"},
    "planCycle": PLAN,
    "changeCycle": PLAN,
    "addOrganisation": {"name": "New", "kind": "unit", "parent_id": 1},
    "changeOrganisation": {"name": "Agency", "kind": "regency", "parent_id": 1},
    "invite": {"login": "new", "name": "x", "role": "respondent", "organisation_id": 1},
    "succeed": {
        "kind": "merge",
        "on": "2024-01-01",
        "predecessors": ["Agency", "Nothing there"],
        "successors": ["Nothing new"],
    },
    "changePerson": {"name": CANARY, "role": "respondent", "organisation_id": 1},
}
NO_BODY = {
    "restoreParticipant", "discardAssessment", "bringBackAssessment",
    "takeBackPoint", "takeBackResponse", "openCycle", "remind", "resetPassword", "removeSecondFactor", "unbindPerson",
    "removeEvidence", "restoreEvidence", "removeActionEvidence", "removeMapping",
    "handInScores", "settleAgreed", "removeExport",
}  # fmt: skip
_ACTION = "/assessments/{assessment_id:int}/actions/{action_id:int}"
_ANSWER = "/assessments/{assessment_id:int}/responses/{indicator:str}"
_PANEL = "/assessments/{assessment_id:int}/panel"
_DAYS = {
    "opens.self": "2020-01-01", "closes.self": "2040-01-01",
    "opens.external": "2020-01-01", "closes.external": "2040-01-01",
}  # fmt: skip
_CYCLE = {"name": "x", "questionnaire": "two-dimensions@1", **_DAYS}
_PERSON = {"login": "new.page", "name": "x", "role": "respondent", "organisation": "1"}
_PARTICIPANT = "/cycles/{cycle_id:int}/participants/{organisation_id:int}"
_PLACE = {"name": "New page", "kind": "unit", "parent": "1"}
_LIST = "/organisations/lists/{list_id:int}"
FORMS: dict[str, dict[str, str]] = {
    "POST /cycles": _CYCLE,
    "POST /cycles/{cycle_id:int}": _CYCLE,
    "POST /cycles/{cycle_id:int}/opening": {"x": "x"},
    "POST /cycles/{cycle_id:int}/reminders": {"x": "x"},
    "POST /cycles/{cycle_id:int}/releases": {"named": "no", "reason": "x"},
    "POST /cycles/{cycle_id:int}/releases/{release_id:int}/publication": {"digests": "x"},
    "POST /cycles/{cycle_id:int}/reports": {"paper": "report", "language": "id"},
    "POST /exports": {"name": "another", "replace": "on"},
    "POST /exports/{export:str}/removal": {"x": "x"},
    "POST /organisations": _PLACE,
    "POST /organisations/{organisation_id:int}": _PLACE,
    "POST /organisations/import": {"list": "1"},
    "POST /organisations/{organisation_id:int}/succession": {
        "kind": "merge",
        "on": "2024-01-01",
        "predecessors": "Agency",
        "successors": "Nothing new",
    },
    f"POST {_LIST}/answers": {"row.2": "another"},
    f"POST {_LIST}/undoing": {"x": "x"},
    "POST /mappings": {"content": MAPPING},
    "POST /mappings/{mapping_id:int}/removal": {"x": "x"},
    "POST /people": _PERSON,
    "POST /people/{person_id:int}": _PERSON,
    "POST /people/{person_id:int}/link": {"x": "x"},
    "POST /people/{person_id:int}/second-factor/removal": {"x": "x"},
    "POST /people/{person_id:int}/single-sign-on/removal": {"x": "x"},
    "POST /people/links": {"person.0": "on"},
    "POST /people/import": {"rows": "[]"},
    "POST /people/lists/{list_id:int}/undoing": {"x": "x"},
    "POST /library": {"reference": "asn-maturity@2026.1"},
    "POST /questionnaires": {"content": "eA==", "file": "x.yaml"},
    "POST /assessments/{assessment_id:int}/what-if": {"choice.A": "2"},
    "POST /assessments/{assessment_id:int}/workbooks/{draft_id:int}/import": {"seen": "x"},
    "POST /assessments/{assessment_id:int}/roadmap": {"target": "good"},
    "POST /assessments/{assessment_id:int}/roadmap/actions": {
        "step.1": '{"indicator": "A", "before": null, "after": {"level": 4}}'
    },
    "POST /assessments/{assessment_id:int}/actions": {"indicator": "A", "choice": "4"},
    f"POST {_ACTION}": {"choice": "4"},
    f"POST {_ACTION}/links": {"url": "https://example.go.id"},
    f"POST {_ACTION}/evidence/{{piece_id:int}}/removal": {"x": "x"},
    "POST /assessments/{assessment_id:int}/parts/{code:str}/presence": {"revision.A": "0"},
    "POST /assessments/{assessment_id:int}/parts/{code:str}/assignment": {"person": "0"},
    "POST /assessments/{assessment_id:int}/parts/{code:str}/carrying-over": {"x": "x"},
    "POST /assessments/{assessment_id:int}/parts/{code:str}/confirmation": {"x": "x"},
    "POST /assessments/{assessment_id:int}/assignees/{assignee_id:int}": {"person": "0"},
    "POST /assessments/{assessment_id:int}/evidence/{evidence_id:int}": {"indicators.B": "on"},
    f"POST {_ANSWER}/links": {"url": "https://example.go.id"},
    f"POST {_ANSWER}/evidence/{{evidence_id:int}}/removal": {"x": "x"},
    f"POST {_ANSWER}/evidence/{{evidence_id:int}}/restoration": {"x": "x"},
    f"POST {_ANSWER}/remarks": {"text": "x"},
    f"POST {_ANSWER}/remarks/{{remark_id:int}}/resolution": {"answer": "x"},
    f"POST {_ANSWER}/assignment": {"person": "0"},
    f"POST {_ANSWER}/ready": {"ready": "on"},
    f"POST {_PARTICIPANT}/withdrawal": {"reason": "x"},
    f"POST {_PARTICIPANT}/restoration": {"x": "x"},
    f"POST {_PARTICIPANT}/extension": {"reason": "x", "until": "2041-01-01"},
    "POST /assessments/{assessment_id:int}/points": {"indicator": "A", "text": "x"},
    "POST /assessments/{assessment_id:int}/points/{remark_id:int}/removal": {"x": "x"},
    "POST /assessments/{assessment_id:int}/discarding": {"x": "x"},
    "POST /assessments/{assessment_id:int}/discarding/undoing": {"x": "x"},
    "POST /assessments": {"questionnaire": "two-dimensions@1"},
    "POST /assessments/{assessment_id:int}/steps": {"step": "submit"},
    "POST /assessments/{assessment_id:int}/organisation": {"seen": "x"},
    "POST /assessments/{assessment_id:int}/stages/{stage:str}/responses/{indicator:str}": {
        "choice": "3"
    },
    "POST /assessments/{assessment_id:int}/acceptance": {"stage": "internal"},
    f"POST {_PANEL}": {"people.1": "on"},
    f"POST {_PANEL}/handing-in": {"x": "x"},
    f"POST {_PANEL}/agreement": {"x": "x"},
    f"POST {_PANEL}/scores/{{indicator:str}}": {"choice": "3"},
    f"POST {_PANEL}/consensus/{{indicator:str}}": {"choice": "3"},
    "POST /assessments/{assessment_id:int}/remarks": {"text": "x"},
    "POST /assessments/{assessment_id:int}/remarks/{remark_id:int}/resolution": {"answer": "x"},
    "POST /assessments/{assessment_id:int}/responses/{indicator:str}": {"choice": "3"},
}
UPLOADS = {
    "POST /organisations/preview": ("a.csv", b"name,kind", "text/csv"),
    "POST /people/preview": ("a.csv", b"login", "text/csv"),
    "POST /questionnaires/preview": ("a.yaml", b"x: 1", "text/yaml"),
    "POST /reports": ("a.pdf", PDF, "application/pdf"),
    f"POST {_ANSWER}/evidence": ("a.pdf", PDF, "application/pdf"),
    "POST /assessments/{assessment_id:int}/workbooks": ("a.xlsx", b"PK", XLSX),
    "POST /mappings/trial": ("a.xlsx", b"PK", XLSX),
    f"POST {_ACTION}/evidence": ("a.pdf", PDF, "application/pdf"),
}
FILES = {
    "verifyReport": ("application/pdf", PDF),
    "uploadEvidence": ("application/pdf", PDF),
    "uploadActionEvidence": ("application/pdf", PDF),
    "importOrganisations": ("text/csv", b"x"),
    "bringBackWorkbook": (XLSX, b"PK"),
}
QUERIES = {
    "GET /assessments/{assessment_id:int}/acceptance": "stage=internal",
    "readTrend": "since={assessment_id}",
    "previewMove": "questionnaire=new@1",
    "uploadEvidence": "name=a.pdf",
    "uploadActionEvidence": "name=a.pdf",
}
STAGES: dict[str, Stage] = {
    "GET /assessments/{assessment_id:int}/acceptance": "internal",
    "POST /assessments/{assessment_id:int}/acceptance": "internal",
    "POST /assessments/{assessment_id:int}/stages/{stage:str}/responses/{indicator:str}": "internal",
    "POST /assessments/{assessment_id:int}/evidence/{evidence_id:int}": "self",
    "readPanel": "external", "namePanel": "external", "scoreAlone": "external",
    "handInScores": "external", "settleAgreed": "external",
    f"GET {_PANEL}": "external", f"POST {_PANEL}": "external",
    f"POST {_PANEL}/handing-in": "external", f"POST {_PANEL}/agreement": "external",
    f"POST {_PANEL}/scores/{{indicator:str}}": "external",
    f"POST {_PANEL}/consensus/{{indicator:str}}": "external",
    "takeOverAnswers": "self", "confirmAnswers": "self", "takeInWorkbook": "self",
    "POST /assessments/{assessment_id:int}/workbooks/{draft_id:int}/import": "self",
    "POST /assessments/{assessment_id:int}/parts/{code:str}/carrying-over": "self",
    "POST /assessments/{assessment_id:int}/parts/{code:str}/confirmation": "self",
    "saveResponse": "self", "takeBackResponse": "self", "replaySaves": "self", "acceptRest": "internal",
    "takeOverOrganisation": "self", "POST /assessments/{assessment_id:int}/organisation": "self",
    f"POST {_ANSWER}/evidence": "self", f"POST {_ANSWER}/links": "self",
    f"POST {_ANSWER}/evidence/{{evidence_id:int}}/removal": "self",
    f"POST {_ANSWER}/evidence/{{evidence_id:int}}/restoration": "self",
    "uploadEvidence": "self", "attachEvidence": "self", "removeEvidence": "self",
    "restoreEvidence": "self",
    "POST /assessments/{assessment_id:int}/responses/{indicator:str}": "self",
}  # fmt: skip
ONESELF = {
    "GET /questionnaires/{code:str}/{version:str}",
    "GET /questionnaires/{code:str}/{version:str}/{form:str}",
    "GET /questionnaires/{code:str}/{version:str}/print",
    "GET /library/{code:str}/{version:str}", "GET /library/{code:str}/{version:str}/{form:str}",
    "GET /notices", "POST /notices/seen", "GET /notices/choices", "POST /notices/choices",
    "POST /notices/calendar", "POST /notices/calendar/end",
    "GET /webhooks", "POST /webhooks", "POST /webhooks/{webhook_id:int}/secret",
    "POST /webhooks/{webhook_id:int}/removal", "POST /webhooks/{webhook_id:int}/ping",
    "listWebhooks", "addWebhook", "renewWebhookSecret", "removeWebhook",
    "GET /profile", "POST /profile/password", "POST /profile/sessions", "GET /profile/provider",
    "POST /profile/recovery-codes", "POST /profile/tokens/{token_id:str}/end",
    "countRecoveryCodes", "renewRecoveryCodes",
    "GET /jobs", "GET /jobs/{job_id:int}", "GET /jobs/{job_id:int}/events",
    "GET /jobs/{job_id:int}/file", "POST /jobs/{job_id:int}/cancellation",
    "POST /jobs/{job_id:int}/restart", "POST /jobs/{job_id:int}/links",
    "listJobs", "readJob", "readJobFile", "cancelJob",
    "GET /second-factor", "POST /second-factor",
    "changePassword", "confirmSecondFactor", "issueToken", "listSessions", "listTokens",
    "offerSecondFactor", "readMe", "revokeToken", "signOut", "signOutEverywhere",
}  # fmt: skip
"""Routes that are about whoever asks, or about what everybody may read."""


class Route(Struct, frozen=True):
    """A method of a path, what it is called, and the action that it declares."""

    name: str
    method: str
    path: str
    action: Action | None


def routes(client: Client) -> Iterator[Route]:
    for route in client.app.routes:
        assert isinstance(route, HTTPRoute) or "static" in route.path
        for handler in getattr(route, "route_handlers", ()):
            if handler.opt.get("access") in {"signed in", "asks"}:
                for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                    name = handler.operation_id or f"{method} {route.path}"
                    action = handler.opt.get("action")
                    yield Route(name, str(method), route.path, action)


class World(Struct, frozen=True):
    """The ids of things that belong to the Agency, by the parameters of paths, and their owners."""

    ids: dict[str, int | str]
    owners: dict[str, int]


async def settled(client: Client, country: Country, cycle: int, tried: str = "") -> World:
    """Return the Agency's things: an assessment of its own for each route that is tried."""
    alice = As(client, "alice")
    made = await alice("POST", "/assessments", BODIES["openAssessment"], expects=201)
    path, agency = f"/assessments/{made['id']}", country.organisations["Agency"]
    await alice.answer(path, "A", 3, CANARY)
    said = {"text": CANARY, "shared": True}
    remark = await alice("POST", f"{path}/remarks", said, expects=201)
    upload = f"{path}/responses/A/evidence/files?name={CANARY}.pdf"
    pdf = {"Content-Type": "application/pdf"}
    evidence = await alice("POST", upload, content=PDF, headers=pdf, expects=201)
    wanted = {"indicator": "A", "after": {"level": 5}, "notes": CANARY, "due": "2030-01-01"}
    planned = await alice("POST", f"{path}/actions", {"actions": [wanted]}, expects=201)
    action = f"{path}/actions/{planned['items'][0]['id']}"
    upload = f"{action}/evidence/files?name={CANARY}.pdf"
    piece = await alice("POST", upload, content=PDF, headers=pdf, expects=201)
    assignee = country.people["respondent@Agency"].id
    await alice("PUT", f"{path}/assignments/A", {"person_id": assignee})
    ids: dict[str, int | str] = {
        "assessment_id": made["id"],
        "indicator": "A",
        "code": "merit",
        "stage": "internal",
        "remark_id": remark["id"],
        "evidence_id": evidence["id"],
        "action_id": planned["items"][0]["id"],
        "piece_id": piece["id"],
        "cycle_id": cycle,
        "person_id": country.people["bob"].id,
        "assignee_id": assignee,
        "organisation_id": agency,
        "release_id": await _released(client, cycle),
        "name": ARCHIVE,
        "list_id": await _uploaded(client, tried),
        "table": "index",
        "view": "coverage",
        "form": "csv",
        "step": "submit",
        "export": await _exported(client, cycle),
        "number": await _numbered(client, alice, path),
        "mapping_id": await _mapped(client),
        "draft_id": await _brought_back(alice, path) if not tried or "workbooks" in tried else 1,
    }
    above = country.organisations["Country"]
    return World(ids, {"cycle_id": above, "mapping_id": above, "": agency})


async def _uploaded(client: Client, path: str) -> int:
    """Return the id of a list that the Agency's administrator uploads, of what a path is about."""
    what, content = "organisations", b"name,kind,parent\nDesk,unit,Agency\n"
    if path.startswith("/people"):
        what, content = "people", b"login,name,role,organisation\nx,X,auditor,Agency\n"
    headers = {"Authorization": "Bearer administrator@Agency"}
    file = {"file": (f"{CANARY}.csv", content, "text/csv")}
    page = await client.post(f"/{what}/preview", files=file, headers=headers)
    list_id = re.search(rf"/{what}/lists/(\d+)", page.text)
    assert list_id is not None
    FORMS["POST /organisations/import"]["list"] = list_id[1]
    return int(list_id[1])


async def _mapped(client: Client) -> int:
    """Return the id of what reads old sheets of the ministry above the Agency."""
    named = {"content": MAPPING.replace("LKE", CANARY)}
    kept = await As(client, "ministry@Agency")("POST", "/mappings", named, expects=201)
    return int(kept["id"])


async def _exported(client: Client, cycle: int) -> str:
    """Return the name of an export of a cycle, put there by hand."""
    wired, path = client.app.state.services, f"x/results/cycle={cycle}/part-00000.parquet"
    piece = {"path": path, "bytes": 1, "questionnaire": CANARY, "cycle": cycle}
    piece["hash"] = f"sha256:{hashlib.sha256(b'x').hexdigest()}"
    described = {"created": clock.now().isoformat(), "resources": [piece]}
    await wired.files.put(f"national/there/{path}", b"x")
    await wired.files.put("national/there/datapackage.json", msgspec.json.encode(described))
    return "there"


async def _brought_back(alice: As, path: str) -> int:
    """Return the id of a workbook that was brought back to an assessment."""
    content = (await alice.ask("GET", f"{path}/workbook")).content
    sent = {"Content-Type": XLSX}
    found = await alice("POST", f"{path}/workbooks", content=content, headers=sent, expects=201)
    return int(found["id"])


async def _released(client: Client, cycle: int) -> int:
    """Return the id of a release of a cycle, made by hand: it takes a cycle with final results."""
    wired = client.app.state.services
    db = connect(wired.settings.database)  # the service's has another loop
    digest = hashlib.sha256(CANARY.encode()).hexdigest()
    await wired.files.put(path(digest), CANARY.encode())
    found = await db.write(_add_release, cycle, digest)
    await db.close()
    return found


def _add_release(tx: Writer, cycle: int, digest: str) -> int:
    known = publications.newest(tx, cycle)
    if known is not None or cycle not in {one.id for one in cycles.all_open(tx)}:
        return known.id if known is not None else 1
    told = Told((Figure("kind", "city", "", 5, None, (None, None, None)),))
    drafted = Publication(
        id=0,
        cycle_id=cycle,
        number=1,
        before_id=None,
        reason=CANARY,
        named=True,
        organisations=5,
        digests=digest,
        code="AAAAA-AAAAA-AAAAA",
        told=told,
        author=CANARY,
        at=clock.now(),
        publisher=CANARY,
        published_at=clock.now(),
    )
    release = publications.add(tx, drafted, Memory())
    evidence.keep(tx, Kept(digest, "application/zip", len(CANARY)), clock.now())
    publications.save_files(tx, release, dict.fromkeys((ARCHIVE, *PAPERS.values()), digest))
    return release


async def _numbered(client: Client, alice: As, path: str) -> int:
    """Return the number in the log of the newest entry in an assessment's trail."""
    db = connect(client.app.state.services.settings.database)  # the service's has another loop
    await number_all(db)
    await db.close()
    number: int = (await alice("GET", f"{path}/trail"))["items"][-1]["number"]
    return number


async def ask(client: Client, route: Route, who: str, ids: dict[str, int | str]) -> Response:
    path = re.sub(r"{(\w+):\w+}", lambda found: str(ids[found[1]]), route.path)
    if route.name in QUERIES:
        path += "?" + QUERIES[route.name].format(**ids)
    headers = {"Authorization": f"Bearer {who}", "If-None-Match": "*"}
    if route.name.startswith(("change", "takeOverOrganisation")):
        headers["If-Match"] = f'"{"0" * 32}"'
    sent: dict[str, Any] = {}
    if route.name in FILES:
        headers["Content-Type"], sent["content"] = FILES[route.name]
    elif route.name in UPLOADS:
        sent["files"] = {"file": UPLOADS[route.name]}
    elif route.name in FORMS:
        sent["data"] = FORMS[route.name]
    elif route.method != "GET" and route.name not in NO_BODY:
        sent["json"] = BODIES[route.name]  # a new route must be told here what to send
    return await client.request(route.method, path, headers=headers, follow_redirects=False, **sent)


def _status(route: Route, answer: Response) -> int:
    if route.name == "replaySaves" and answer.status_code == 200:
        return int(answer.json()["items"][0]["status"])
    return answer.status_code


def _allowed(route: Route, country: Country, world: World, role: Role) -> bool:
    assert route.action is not None, route
    owner = next(owner for name, owner in world.owners.items() if name in route.path)
    if "_id" not in route.path and route.name not in {"addOrganisation", "invite"}:
        owner = country.people[f"{role}@Agency"].organisation_id
    actor = country.people[f"{role}@Agency"]
    return may(actor, route.action, owner=owner, stage=STAGES.get(route.name))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Let the library be the one that ships."""
    return structs.replace(settings, questionnaires=LIBRARY)


@pytest.fixture
async def cycle(client: Client, country: Country) -> int:
    ministry = As(client, "ministry@Agency")
    plan = {**PLAN, "name": CANARY, "participants": [country.organisations["Agency"]]}
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    return int(made["id"])


@ON_SQLITE
@pytest.mark.parametrize("part", range(PARTS))
async def test_each_role_may_do_what_the_table_says_and_strangers_find_nothing(
    client: Client, country: Country, cycle: int, part: int
) -> None:
    places = country.organisations
    BODIES["addOrganisation"]["parent_id"] = places["Agency"]
    BODIES["changeOrganisation"]["parent_id"] = places["Country"]
    BODIES["withdrawParticipant"]["organisation_id"] = places["Agency"]
    BODIES["extendParticipant"]["organisation_id"] = places["Agency"]
    for name in ("invite", "changePerson"):
        BODIES[name]["organisation_id"] = places["Agency"]
    wrong: list[str] = []
    tried = 0

    for route in list(routes(client))[part::PARTS]:
        if route.action is None:
            assert route.name in ONESELF, f"{route} declares no action"
            continue
        world = await settled(client, country, cycle, route.path)
        about_something = "_id" in route.path
        allowed = {role: _allowed(route, country, world, role) for role in ROLES}
        for role in sorted(ROLES, key=allowed.__getitem__):  # those first who change nothing
            tried += 1
            stranger = await ask(client, route, f"{role}@Elsewhere", world.ids)
            nothing = await ask(client, route, f"{role}@Elsewhere", _ids_of_nothing(world))
            if about_something and (
                _status(route, stranger) != 404 or not _alike(stranger, nothing)
            ):
                wrong.append(f"{route.name} as {role} elsewhere: {stranger.status_code}")
            if CANARY in stranger.text:
                wrong.append(f"{route.name} tells {role} elsewhere")
            status = _status(route, await ask(client, route, f"{role}@Agency", world.ids))
            if status >= 500 or (status in {401, 403, 404}) == allowed[role]:
                wrong.append(f"{route.name} as {role}: {status}, allowed: {allowed[role]}")

    assert not wrong, "\n".join(wrong)
    assert tried > 50 // PARTS * len(ROLES)


def _ids_of_nothing(world: World) -> dict[str, int | str]:
    return {name: NOBODY if isinstance(value, int) else value for name, value in world.ids.items()}


def _alike(stranger: Response, nothing: Response) -> bool:
    """Whether two answers tell the same: that there is something must not show."""
    told = [re.sub(r"\d+", "0", answer.text) for answer in (stranger, nothing)]
    return (stranger.status_code, told[0]) == (nothing.status_code, told[1])
