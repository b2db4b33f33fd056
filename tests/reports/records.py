"""An assessment with everything on record, for the tests of papers."""

import datetime as dt
from decimal import Decimal

from survey_service.analysis.peers import Peers
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import Moved, State
from survey_service.conduct.remarks import Remark
from survey_service.maturity.answers import Answer
from survey_service.maturity.revision import trend
from survey_service.maturity.scoring import score
from survey_service.reports.assessment import Report
from survey_service.reports.record import Before, Judged, Record
from tests.samples import FLAGSHIP, load

AT = dt.datetime(2026, 11, 24, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=7), "WIB"))
DIGEST = "0123456789abcdef" * 4
FLAG = load(FLAGSHIP)
OWN = {code: Answer(level=4) for code in FLAG.indicators}
FOUND = {**OWN, "M1.1": Answer(level=2)}
LONG_LINK = "https://contoh.go.id/" + "dokumen/" * 60


def on_record(state: State = "final", source: str = "") -> Report:
    """Return the report of an assessment that has been through all stages, or stands at a state."""
    own, found = (score(FLAG, given, official=True) for given in (OWN, FOUND))
    medians = {code: Decimal("3.5") for code in FLAG.all_nodes}
    file = Evidence(1, "M1.1", "SK Bupati.pdf", "ab" * 32, "application/pdf", 1200, None, None, "Bob", AT)  # fmt: skip
    link = Evidence(2, "M1.2", "Tautan", None, None, None, LONG_LINK, None, "Bob", AT)
    gone = Evidence(3, "M1.2", "Dicabut", "cd" * 32, "application/pdf", 1, None, None, "Bob", AT, "Bob", AT)  # fmt: skip
    record = Record(
        number=7,
        cycle="Reformasi 2026",
        state=state,
        stage="final" if state == "final" else "self",
        above=("Kementerian Contoh",),
        closes=dt.date(2026, 12, 31),
        zone="Asia/Jakarta",
        steps=(Moved(1, "submit", "draft", "submitted", "Alice", AT),),
        scored_by=("Charlie",),
        evidence=(file, link, gone),
        remarks=(
            Remark(1, "point", "M1.1", "Lengkapi buktinya", "Charlie", AT, "Sudah", "Bob", AT),
            Remark(2, "comment", None, "Secara umum baik", "Charlie", AT),
        ),
        before=Before(
            "Reformasi 2025", trend(FLAG, own, FLAG, found), {c: Decimal("3.25") for c in medians}
        ),
        peers=Peers(12, Decimal("3.50"), (Decimal("3.10"), Decimal("3.90")), medians),
        address="https://survei.contoh.go.id",
    )
    stages = (
        Judged("self", own, OWN),
        Judged("internal", own, OWN),
        Judged("external", found, FOUND, {"M1.1": "Pangkalan data belum ada"}),
    )
    return Report(
        FLAG, DIGEST, "Kabupaten Contoh", FOUND, {"M1.1": "Lihat lampiran"}, AT, stages=stages, record=record, source=source
    )  # fmt: skip
