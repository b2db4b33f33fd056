"""What `survey-service doctor` says of what seals papers."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

from survey_service import clock
from survey_service.cli import main
from survey_service.reports.demo_certificates import demo_certificate
from tests.certificates import ministry

_YEAR = dt.timedelta(days=365)


def _line(monkeypatch: pytest.MonkeyPatch, folder: Path, seal: bytes | None) -> str:
    """Return what doctor says of a seal, "" for nothing; None for a file that is not there."""
    file = folder / "seal.p12"
    if seal is not None:
        file.write_bytes(seal)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SURVEY_SEAL", str(file))
    output = CliRunner().invoke(main, ["doctor"]).stdout
    return output[output.index("  seal: ") - 2 :] if "  seal: " in output else ""


def _without_key() -> bytes:
    return pkcs12.serialize_key_and_certificates(
        None, None, ministry().certificate, None, NoEncryption()
    )


def test_a_seal_that_works_is_named_with_its_days(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = _line(monkeypatch, tmp_path, ministry().p12)

    assert told.startswith("ok  seal")
    assert "Kementerian Contoh" in told
    assert "2026-01-01 to 2046-01-01" in told


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: None, "No such file"),
        (lambda: b"no certificate", "mend SURVEY_SEAL"),
        (_without_key, "mend SURVEY_SEAL"),
        (lambda: demo_certificate(clock.now() - 2 * _YEAR), "have the certificate renewed"),
        (lambda: demo_certificate(clock.now() - _YEAR + dt.timedelta(days=20)), "renewed"),
        (lambda: demo_certificate(clock.now() + dt.timedelta(days=1)), "renewed"),
    ],
    ids=["none", "other", "no key", "over", "soon over", "not yet"],
)
def test_a_seal_that_does_not_work_is_told_with_why(
    make: Callable[[], bytes | None],
    found: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    told = _line(monkeypatch, tmp_path, make())

    assert told.startswith("NO  seal")
    assert found in told


def test_where_nothing_is_to_be_sealed_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert "  seal: " not in CliRunner().invoke(main, ["doctor"]).stdout
