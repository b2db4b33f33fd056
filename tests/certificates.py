"""Certificates for tests: an authority, and whom it vouches for."""

import datetime as dt
from functools import cache
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    ExtendedKeyUsage,
    KeyUsage,
    Name,
    NameAttribute,
    random_serial_number,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_FROM, _TO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2046, 1, 1, tzinfo=dt.UTC)


class Owned(NamedTuple):
    """A certificate with its key."""

    certificate: Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_der(self) -> bytes:
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    @property
    def p12(self) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            None, self.key, self.certificate, None, NoEncryption()
        )


def made(name: str, key: Key, by: Owned | None = None, *, stamps: bool = False) -> Owned:
    """Return a certificate that an authority vouches for, or an authority."""
    called = Name([NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, is_authority = (by.certificate.subject, False) if by else (called, True)
    uses = (
        not is_authority,
        not is_authority,
        *[False] * 3,
        is_authority,
        is_authority,
        *[False] * 2,
    )
    building = CertificateBuilder(
        issuer, called, key.public_key(), random_serial_number(), _FROM, _TO
    ).add_extension(BasicConstraints(is_authority, None), critical=True)
    building = building.add_extension(KeyUsage(*uses), critical=True)
    if stamps:
        usage = ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        building = building.add_extension(usage, critical=True)
    return Owned(building.sign(by.key if by else key, hashes.SHA256()), key)


def elliptic() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def authority() -> Owned:
    return made("Authority", elliptic())


@cache
def ministry_key() -> ec.EllipticCurvePrivateKey:
    return elliptic()


@cache
def ministry() -> Owned:
    return made("Kementerian Contoh", ministry_key(), authority())
