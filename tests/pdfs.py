"""What every PDF of ours must be, whatever else a test looks at in it."""

from io import BytesIO

import page
from pypdf import PdfReader

PROFILES = ("3a", "ua1")


def conforming(content: bytes) -> bytes:
    """Return a PDF that is a PDF/A-3a and a PDF/UA-1."""
    for profile in PROFILES:
        report = page.validate_pdf_bytes(content, profile=profile)
        found = [f"{one.rule_id}: {one.message}" for one in report.failures]
        assert found == [], (profile, found)
    return content


def read(content: bytes) -> PdfReader:
    """Return what reads a PDF, once it is found to conform."""
    return PdfReader(BytesIO(conforming(content)))
