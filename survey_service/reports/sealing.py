"""The seal: an electronic signature over a whole paper, as PAdES has it (B-B, or B-T with a time stamp).

It is an extra, `survey-service[seal]`, and comes on top of the statement, for those who ask for what
their own PDF reader shows. The sealed file begins with the bytes of the unsealed one, and the statement
inside names the certificate: a seal of another certificate is none. pyHanko's own look at what was
changed behind a seal takes a minute for a report, so it is not asked; instead only a seal is taken that
covers the entire file.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct
from typing_extensions import override

from survey_service.conduct.verdicts import Finding
from survey_service.i18n import translate

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper

DEMO = "DEMO"
"""Stands in the name of whom a demo certificate is of, which proves nothing."""

_FIELD = "Seal"
_TOKEN = "pkcs11"  # noqa: S105 - how an address of a token begins


class UnsealableError(Exception):
    """What seals cannot be used: which file, token or authority, and why."""


class Seal(Struct, frozen=True):
    """What seals: a PKCS#12 file or a token, what opens it, and the authority that stamps times.

    `source` is a path, or `pkcs11:/path/of/its/library.so?token=LABEL&key=LABEL`; `authority` is "" for
    none.
    """

    source: str
    password: str
    authority: str = ""

    @override
    def __repr__(self) -> str:
        """Tell no password: this may end up in a log."""
        return f"Seal({self.source})"


def certificate(seal: Seal) -> str:
    """Return the SHA-256 of the certificate that seals, in hex.

    Raises:
        UnsealableError: It cannot be opened.
    """
    with _signing(seal) as signer:
        return _digest(_certificate(signer))


class Tried(Struct, frozen=True):
    """Whose certificate seals and from when to when, and whether a page that it sealed is accepted."""

    name: str
    begins: dt.datetime
    ends: dt.datetime
    accepted: bool


def tried(seal: Seal) -> Tried:
    """Seal an empty page, and return what that tells of the certificate.

    Raises:
        UnsealableError: The certificate cannot be opened, or the authority does not answer.
    """
    from pypdf import PdfWriter  # noqa: PLC0415 - workers that make papers need it not

    with _signing(seal) as signer:
        own = _certificate(signer)
    logging.getLogger("pyhanko").setLevel(
        logging.CRITICAL
    )  # else it tells that nobody vouches here
    page, blank = BytesIO(), PdfWriter()
    blank.add_blank_page(width=100, height=100)
    blank.write(page)
    found = check_seal(sealed(page.getvalue(), seal, "en"), _digest(own))
    name = str(own.subject.human_friendly)
    accepted = all(one.outcome != "fails" for one in found)
    return Tried(name, own.not_valid_before, own.not_valid_after, accepted)


def sealed(
    content: bytes, seal: Seal, language: str, stamping: "TimeStamper | None" = None
) -> bytes:
    """Return a paper with a seal behind it.

    Args:
        content: The paper.
        seal: What seals it.
        language: Of what a reader says of the seal.
        stamping: Stamps the time instead of the authority.

    Raises:
        UnsealableError: The certificate cannot be opened, or the authority does not answer.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - an extra, and large
    from pyhanko.sign import fields, signers  # noqa: PLC0415 - as above

    class Writer(IncrementalPdfFileWriter):
        @override
        def _update_meta(self) -> None:
            """Leave the metadata alone: written anew, it is no PDF/A's any more."""

    with _signing(seal) as signer:
        described = signers.PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=_reason(_certificate(signer), language),
        )
        field = fields.SigFieldSpec(
            _FIELD,
            readable_field_name=translate("Electronic seal", language),
            invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),  # else no PDF/UA
        )
        writing = signers.PdfSigner(
            described, signer, timestamper=stamping or _stamping(seal), new_field_spec=field
        )
        made = BytesIO()
        try:
            writing.sign_pdf(Writer(BytesIO(content)), output=made)
        except (OSError, ValueError) as error:
            raise UnsealableError(seal.authority or seal.source, str(error)) from error
    return made.getvalue()


def _reason(of: "x509.Certificate", language: str) -> str:
    if is_demo(of):
        return translate("DEMO: sealed with a certificate that proves nothing", language)
    return translate("Sealed as issued", language)


def is_demo(of: "x509.Certificate") -> bool:
    """Whether a certificate is one to try things out with."""
    return DEMO in str(of.subject.human_friendly)


def _certificate(signer: "Signer") -> "x509.Certificate":
    found = signer.signing_cert
    if found is None:
        raise UnsealableError("", "-")
    return found


def _digest(of: "x509.Certificate") -> str:
    return hashlib.sha256(of.dump()).hexdigest()


@contextmanager
def _signing(seal: Seal) -> "Iterator[Signer]":
    try:
        from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise UnsealableError(seal.source, "pip install survey-service[seal]") from error
    if urlsplit(seal.source).scheme == _TOKEN:
        with _of_token(seal) as signer:
            yield signer
        return
    try:
        content = Path(seal.source).read_bytes()
        opened = SimpleSigner.load_pkcs12_data(content, (), seal.password.encode() or None)
    except (OSError, ValueError, AttributeError) as error:  # the last where it holds no key
        raise UnsealableError(seal.source, str(error)) from error
    yield opened


@contextmanager
def _of_token(seal: Seal) -> "Iterator[Signer]":
    """Yield what signs with a key that never leaves its token; one is signed in to it for as long."""
    import pkcs11  # noqa: PLC0415 - as above
    from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415 - as above
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415 - as above

    address = urlsplit(seal.source)
    named = {name: values[0] for name, values in parse_qs(address.query).items()}
    token = TokenCriteria(named.get("token"))
    try:
        with open_pkcs11_session(
            address.path, token_criteria=token, user_pin=seal.password
        ) as session:
            raw = _is_elliptic(session, named)  # not every token digests for ECDSA
            yield PKCS11Signer(session, cert_label=named.get("key"), use_raw_mechanism=raw)
    except (pkcs11.PKCS11Error, LookupError, RuntimeError, OSError) as error:
        raise UnsealableError(address.path, type(error).__name__) from error


def _is_elliptic(session: Any, named: dict[str, str]) -> bool:
    import pkcs11  # noqa: PLC0415 - as above

    found = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=named.get("key"))
    return bool(found.key_type == pkcs11.KeyType.EC)


def _stamping(seal: Seal) -> "TimeStamper | None":
    from pyhanko.sign.timestamps import HTTPTimeStamper  # noqa: PLC0415 - as above

    return HTTPTimeStamper(seal.authority) if seal.authority else None


def check_seal(content: bytes, expected: str, roots: Sequence[bytes] = ()) -> list[Finding]:
    """Return whether a file is sealed as a whole with a certificate, and what is known of that.

    Args:
        content: The file.
        expected: The SHA-256 of the certificate, in hex.
        roots: Certificates that are trusted, as DER; the seal is held against them where there are any.
    """
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 - as above
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - as above
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415 - as above
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 - as above

    try:
        last = PdfFileReader(BytesIO(content)).embedded_signatures[-1]
        status = validate_pdf_signature(last, _trusting(roots), skip_diff=True)
    except (PdfError, ValueError, LookupError, TypeError, AttributeError):
        return [Finding("statement", "fails", "seal_broken")]
    by = status.signing_cert
    told: dict[str, str | int] = {"name": str(by.subject.human_friendly)}
    entire = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    if not (status.intact and status.valid and entire):
        return [Finding("statement", "fails", "seal_broken")]
    if _digest(by) != expected:
        return [Finding("statement", "fails", "seal_other", told)]
    found = [Finding("statement", "open", "seal_demo", told)] if is_demo(by) else []
    if not roots:
        return [*found, Finding("statement", "holds", "sealed", told)]
    if not status.bottom_line:
        return [*found, Finding("statement", "fails", "seal_untrusted", told)]
    return [*found, Finding("statement", "holds", "seal_trusted", told)]


def _trusting(roots: Sequence[bytes]) -> Any:
    from asn1crypto import x509  # noqa: PLC0415 - as above
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 - as above

    trusted = [x509.Certificate.load(one) for one in roots]
    return ValidationContext(trust_roots=trusted, allow_fetching=False)
