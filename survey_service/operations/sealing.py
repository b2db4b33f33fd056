"""Sealing what must be kept or sent and not read, with a secret that can be replaced."""

import base64
import datetime as dt
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from survey_service.settings import Settings
from survey_service.store.own_secret import own_secret


class Sealer:
    """Seals texts with the first of its secrets, and opens what any of them sealed."""

    def __init__(self, secrets: str) -> None:
        self._keys = MultiFernet([Fernet(_key(secret)) for secret in secrets.split(",")])

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

    def renew(self, sealed: str) -> str | None:
        """Return a text sealed anew with the first secret; None where it cannot be opened."""
        try:
            return self._keys.rotate(sealed.encode()).decode()
        except InvalidToken:
            return None


def sealer_of(settings: Settings) -> Sealer:
    """Return what seals with the secret that is set, or with the one that the service makes."""
    return Sealer(settings.secret or own_secret(settings))


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())
