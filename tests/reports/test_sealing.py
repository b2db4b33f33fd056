"""Papers sealed as PAdES: accepted only as a whole, and only with the certificate that was stated."""

import os
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import keys, x509
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec import structs
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pypdf import PdfReader

from survey_service import clock
from survey_service.conduct.statements import Statement
from survey_service.operations.verifying import Against
from survey_service.reports.demo_certificates import demo_certificate
from survey_service.reports.sealing import Seal, UnsealableError, certificate, sealed, tried
from tests.certificates import Owned, authority, elliptic, made, ministry, ministry_key
from tests.operations.test_verifying import failing, one_byte, verify
from tests.pdfs import conforming
from tests.proofs import KEY, issued

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    return _seal(tmp_path, ministry())


def _seal(folder: Path, owned: Owned) -> Seal:
    file = folder / f"{owned.certificate.serial_number}.p12"
    file.write_bytes(owned.p12)
    return Seal(str(file), "")


def _stated(seal: Seal) -> bytes:
    """Return a report whose statement names the certificate that is to seal it."""
    digest = certificate(seal)

    def naming(said: Statement) -> Statement:
        return structs.replace(said, seal=digest)

    return issued(naming)


def _reasons(content: bytes, *roots: Owned) -> list[str]:
    found = verify(content, Against(KEY.line, roots=tuple(one.der for one in roots)))
    return [one.reason for one in found.of("statement")]


def test_a_sealed_report_begins_with_the_unsealed_one_and_conforms(seal: Seal) -> None:
    base = _stated(seal)

    content = conforming(sealed(base, seal, "id"))

    assert content.startswith(base)
    assert _reasons(content) == ["signed", "sealed", "unchanged"]
    assert _reasons(content, authority()) == ["signed", "seal_trusted", "unchanged"]
    stranger = made("Stranger", elliptic())
    assert "seal_untrusted" in _reasons(content, stranger)


def _stamping() -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    clockmaker = made("Clockmaker", key, authority(), stamps=True)
    return DummyTimeStamper(
        x509.Certificate.load(clockmaker.der), keys.PrivateKeyInfo.load(clockmaker.key_der)
    )


def both(folder: Path) -> tuple[bytes, bytes]:
    """Return a report sealed as B-B, and as B-T."""
    seal = _seal(folder, ministry())
    return sealed(_stated(seal), seal, "id"), sealed(_stated(seal), seal, "id", _stamping())


def test_a_time_stamp_goes_with_it(seal: Seal) -> None:
    content = conforming(sealed(_stated(seal), seal, "en", _stamping()))

    assert len(content) > len(sealed(_stated(seal), seal, "en")) + 1000
    assert _reasons(content, authority()) == ["signed", "seal_trusted", "unchanged"]


def _flipped(content: bytes) -> bytes:
    at = content.rindex(b"/Contents <") + 300
    return content[:at] + (b"0" if content[at : at + 1] != b"0" else b"1") + content[at + 1 :]


TAMPERINGS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a byte behind it": (lambda content: content + b"\n", "seal_broken"),
    "a byte of the signature": (_flipped, "seal_broken"),
    "a byte of the report": (one_byte, "changed"),
    "the end cut off": (lambda content: content[:-30], "seal_broken"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_seal_that_is_tampered_with_is_none(name: str, seal: Seal) -> None:
    tamper, reason = TAMPERINGS[name]
    content = sealed(_stated(seal), seal, "en")
    spoilt = tamper(content)

    assert spoilt != content
    assert reason in _reasons(spoilt)


def test_the_seal_of_another_certificate_is_named(seal: Seal, tmp_path: Path) -> None:
    other = _seal(tmp_path, made("Kementerian Contoh", elliptic(), authority()))

    content = sealed(_stated(seal), other, "en")

    assert {"seal_other", "appended"} <= set(_reasons(content, authority()))


def test_a_seal_that_nobody_stated_is_an_addition(seal: Seal) -> None:
    assert "appended" in _reasons(sealed(issued(), seal, "en"))


def test_a_seal_that_was_taken_off_is_missed(seal: Seal) -> None:
    assert "seal_missing" in _reasons(_stated(seal))


def test_a_demo_certificate_says_so_in_the_file_and_when_it_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "demo.p12"
    file.write_bytes(demo_certificate(clock.now()))
    seal = Seal(str(file), "")

    content = conforming(sealed(_stated(seal), seal, "en"))

    found = verify(content, Against(KEY.line))
    fields = PdfReader(BytesIO(content)).get_fields() or {}
    assert str(fields["Seal"].value["/Reason"]).startswith("DEMO: sealed with a certificate")
    assert "seal_demo" in [one.reason for one in found.of("statement")]
    assert failing(found) == []


@pytest.mark.parametrize(
    "source",
    ["none.p12", "pkcs11:/nowhere.so?token=x&key=y", __file__],
    ids=["none", "token", "other"],
)
def test_what_cannot_seal_is_told(source: str) -> None:
    with pytest.raises(UnsealableError) as refused:
        certificate(Seal(source, "x"))

    assert len(refused.value.args) == 2
    assert "x)" not in repr(Seal(source, "secret"))


def test_an_authority_that_does_not_answer_is_told(seal: Seal) -> None:
    silent = structs.replace(seal, authority="http://127.0.0.1:9/")

    with pytest.raises(UnsealableError):
        sealed(issued(), silent, "en")


@pytest.mark.skipif(not SOFTHSM.exists(), reason="softhsm2 is not installed")
def test_a_key_that_never_leaves_its_token_seals(tmp_path: Path) -> None:
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters

    assert shutil.which("softhsm2-util")
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)  # noqa: TID251 - the library reads it
    command = ["softhsm2-util", "--init-token", "--free", "--label", "seals", "--pin", "1234", "--so-pin", "5678"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    owned, another = ministry(), elliptic()
    token = pkcs11.lib(str(SOFTHSM)).get_token(token_label="seals")
    with token.open(rw=True, user_pin="1234") as session:
        for label, key in (("ministry", ministry_key()), ("mixed up", another)):
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
                    pkcs11.Attribute.KEY_TYPE: pkcs11.KeyType.EC,
                    pkcs11.Attribute.LABEL: label,
                    pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(
                        "1.2.840.10045.3.1.7"
                    ),
                    pkcs11.Attribute.VALUE: key.private_numbers().private_value.to_bytes(32, "big"),
                    pkcs11.Attribute.SIGN: True,
                    pkcs11.Attribute.TOKEN: True,
                }
            )
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    pkcs11.Attribute.LABEL: label,
                    pkcs11.Attribute.SUBJECT: x509.Certificate.load(owned.der).subject.dump(),
                    pkcs11.Attribute.VALUE: owned.der,
                    pkcs11.Attribute.TOKEN: True,
                }
            )
    seal = Seal(f"pkcs11:{SOFTHSM}?token=seals&key=ministry", "1234")

    content = conforming(sealed(_stated(seal), seal, "en"))

    assert _reasons(content, authority()) == ["signed", "seal_trusted", "unchanged"]
    assert tried(seal).accepted
    mixed_up = structs.replace(seal, source=f"pkcs11:{SOFTHSM}?token=seals&key=mixed%20up")
    assert not tried(mixed_up).accepted
