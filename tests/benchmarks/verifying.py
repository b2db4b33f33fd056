"""Verifying the flagship's report in its process, genuine and tampered with: seconds of the processor."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from survey_service.operations.verifying import Against, verified
from tests import proofs
from tests.operations.test_verifying import TAMPERINGS
from tests.reports.records import on_record
from tests.samples import FLAGSHIP

_NOTHING = "import msgspec, yaml, pypdf"
"""What whoever reads PDF and YAML in Python has to load, and no more."""


def genuine() -> bytes:
    """Return a report of fifty indicators that proves itself."""
    return proofs.issued_on(on_record(source=FLAGSHIP.read_text()))


def costs() -> tuple[float, float, str, float]:
    """Return the seconds of a genuine report, of loading the libraries, and the dearest tampering."""
    content = genuine()
    dearest = max(
        ((name, _cpu(tamper(content))) for name, (tamper, _) in TAMPERINGS.items()),
        key=lambda one: one[1],
    )
    before = _used()
    subprocess.run([sys.executable, "-c", _NOTHING], check=True)
    return _cpu(content), _used() - before, *dearest


def _cpu(content: bytes) -> float:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(content)
        before = _used()
        verified(Path(file.name), Against(proofs.KEY.line))
        return _used() - before


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
