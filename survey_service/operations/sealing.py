"""Sealing what must be kept or sent and not read, with a secret that can be replaced."""

import base64
import datetime as dt
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from survey_service.settings import Settings
from survey_service.store.own_secret import own_secret


class Sealer:
    """Seals texts with the first of its secrets, and opens what any of them sealed."""

    def __init__(self, secrets: str) -> None:
        self._keys = MultiFernet([Fernet(_key(secret)) for secret in secrets.split(",")])
        self._signing = [_key(f"sign:{secret}") for secret in secrets.split(",")]

    def seal(self, text: str) -> str:
        """Return a text so that it can be neither read nor changed without the secret."""
        return self._keys.encrypt(text.encode()).decode()

    def open(self, sealed: str, lasts: dt.timedelta | None = None) -> str | None:
        """Return a sealed text; None where it was changed, by another secret, or is too old."""
        seconds = None if lasts is None else int(lasts.total_seconds())
        try:
            return self._keys.decrypt(sealed.encode(), seconds).decode()
        except InvalidToken:
            return None

    def sign(self, text: str) -> str:
        """Return a text that can be read, for an address, and not be changed without the secret."""
        return f"{text}.{_signature(self._signing[0], text)}"

    def signed(self, token: str) -> str | None:
        """Return what was signed; None where it was changed, or by another secret."""
        text, _, signature = token.rpartition(".")
        known = [_signature(key, text) for key in self._signing]
        given = signature.encode()
        return text if any(hmac.compare_digest(one.encode(), given) for one in known) else None

    def renew(self, sealed: str) -> str | None:
        """Return a text sealed anew with the first secret; None where it cannot be opened."""
        try:
            return self._keys.rotate(sealed.encode()).decode()
        except InvalidToken:
            return None


def sealer_of(settings: Settings) -> Sealer:
    """Return what seals with the secret that is set, or with the one that the service makes."""
    return Sealer(settings.secret or own_secret(settings))


def _signature(key: bytes, text: str) -> str:
    digest = hmac.digest(key, text.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:24]).decode()


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())
