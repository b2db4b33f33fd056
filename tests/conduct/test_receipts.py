import datetime as dt
import hashlib

from msgspec import structs

from survey_service.conduct.assessment import Assessment, Organisation, Response
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.receipts import digest
from survey_service.maturity.answers import Answer

AT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
DRAFT = Assessment(7, "two-dimensions", "1", "d", Organisation(1, "Agency", ""), "draft", AT)
A = Response("A", Answer(level=3), "seen", 2, "alice", AT)
B = structs.replace(A, indicator="B")
LINK = Evidence(1, "A", "May", None, None, None, "https://example.go.id", None, "alice", AT)


def test_what_is_handed_in_is_told_by_a_digest_that_anybody_can_work_out() -> None:
    said = '[7,"d",[["A",{"level":3},"seen",2]],[["A","May","https://example.go.id"]]]'

    assert digest(DRAFT, {"A": A}, [LINK]) == hashlib.sha256(said.encode()).hexdigest()


def test_the_order_does_not_matter_and_everything_else_does() -> None:
    taken_away = structs.replace(LINK, removed_at=AT)
    bare = digest(DRAFT, {"A": A, "B": B}, [])

    assert digest(DRAFT, {"B": B, "A": A}, [taken_away]) == bare
    others = [
        digest(DRAFT, {"A": structs.replace(A, note="")}, []),
        digest(DRAFT, {"A": A}, []),
        digest(DRAFT, {"A": A, "B": B}, [LINK]),
        digest(structs.replace(DRAFT, id=8), {"A": A, "B": B}, []),
    ]
    assert len({bare, *others}) == 5
