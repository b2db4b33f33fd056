"""A certificate to try out sealing with, which says of itself that it proves nothing."""

import datetime as dt

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509 import (
    BasicConstraints,
    CertificateBuilder,
    KeyUsage,
    Name,
    NameAttribute,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

from survey_service.reports.sealing import DEMO

_LASTS = dt.timedelta(days=365)
_SIGNING = (True, True, *[False] * 7)  # of the uses of a key: signatures, also such as are to last


def demo_certificate(now: dt.datetime) -> bytes:
    """Return a new key with a certificate of its own as a PKCS#12 file without a password."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = Name([NameAttribute(NameOID.COMMON_NAME, f"{DEMO} - proves nothing")])
    made = (
        CertificateBuilder(name, name, key.public_key(), random_serial_number(), now, now + _LASTS)
        .add_extension(BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(KeyUsage(*_SIGNING), critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(None, key, made, None, NoEncryption())
