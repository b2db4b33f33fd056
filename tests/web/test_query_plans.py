"""What is done all day walks through no table that grows for as long as the service runs."""

import re

from httpx import AsyncClient

from survey_service.store.database import Database, Reader
from tests.country import As, Country
from tests.queries import noted
from tests.samples import ON_SQLITE

_GROWING = {
    *("assessment", "entry", "evidence", "leaf", "notice", "person", "report"),
    *("response", "result", "revision", "step"),
}
_EVERYWHERE = ("/", "/assessments", "/notices", "/actions", "/jobs", "/profile")
_OF_ONE = (
    *("", "/parts/merit", "/evidence", "/trail", "/changes", "/actions", "/what-if", "/roadmap"),
    *("/steps/submit", "/discarding", "/print", "/result", "/report.pdf"),
)


def _walked(tx: Reader, statement: str) -> set[str]:
    """Return the tables of which SQLite would look at every row; newest first, it stops early."""
    if not re.match(r"\s*(with|select|insert|update|delete)", statement, re.IGNORECASE):
        return set()
    given = (None,) * statement.count("?")
    steps = tx.exec_driver_sql(f"explain query plan {statement}", given)
    found = {step.detail.split()[1] for step in steps if step.detail.startswith("SCAN ")}
    return set() if "DESC\n LIMIT" in statement else found & _GROWING


@ON_SQLITE
async def test_what_is_done_all_day_walks_through_no_table_that_grows(
    client: AsyncClient, country: Country, db: Database
) -> None:
    alice, inspector = As(client, "alice"), As(client, "inspector@Agency")
    made = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{made['id']}"

    with noted() as statements:
        for code in "ABCDE":
            await alice.answer(path, code, 3)
        pages = (*_EVERYWHERE, *(path + one for one in _OF_ONE))
        shown = [(await client.get(one, headers=alice.headers)).status_code for one in pages]
        await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
        await client.get(f"{path}/check", headers=inspector.headers)

    walked = {one: await db.read(_walked, one) for one in set(statements)}
    assert dict(zip(pages, shown, strict=True)) == dict.fromkeys(pages, 200)
    assert {one: tables for one, tables in walked.items() if tables} == {}
