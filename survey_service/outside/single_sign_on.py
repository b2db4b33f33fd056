"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce."""

from typing import Any

from authlib.integrations.base_client import BaseApp, OAuthError
from authlib.integrations.base_client.async_app import AsyncOAuth2Mixin
from authlib.integrations.base_client.async_openid import AsyncOpenIDMixin
from authlib.integrations.httpx_client import AsyncOAuth2Client
from httpx2 import HTTPError
from joserfc.errors import JoseError
from msgspec import Struct

from survey_service.errors import SingleSignOnError

SECONDS = 10  # to wait for the provider


class Leaving(Struct, frozen=True):
    """Where a person is sent to sign in, and what must be remembered until they come back."""

    url: str
    state: str
    nonce: str
    verifier: str


class Subject(Struct, frozen=True):
    """Whom the provider vouches for; `email` only where it has verified it."""

    issuer: str
    subject: str
    email: str | None = None

    @property
    def key(self) -> str:
        """What names them for good: a provider never gives a subject to somebody else."""
        return f"{self.issuer}|{self.subject}"


class _App(AsyncOAuth2Mixin, AsyncOpenIDMixin, BaseApp):  # type: ignore[misc] # untyped library
    client_cls = AsyncOAuth2Client


class Provider:
    """The provider of single sign-on, and what we are to it."""

    def __init__(self, issuer: str, client: str, secret: str) -> None:
        discovery = issuer.rstrip("/") + "/.well-known/openid-configuration"
        self._app: Any = _App(
            None,
            name="provider",
            client_id=client,
            client_secret=secret,
            server_metadata_url=discovery,
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "timeout": SECONDS,
            },
        )

    async def leave(self, come_back: str) -> Leaving:
        """Return where to send a person, who then comes back to an address of ours.

        Raises:
            SingleSignOnError: The provider does not answer.
        """
        try:
            found = await self._app.create_authorization_url(come_back)
        except (HTTPError, OAuthError, RuntimeError, ValueError) as error:
            raise SingleSignOnError from error
        return Leaving(found["url"], found["state"], found["nonce"], found["code_verifier"])

    async def subject(self, left: Leaving, code: str, come_back: str) -> Subject:
        """Return whom the provider vouches for, once its answer is checked.

        Raises:
            SingleSignOnError: Signature, issuer, audience, nonce or time are wrong, or the code is.
        """
        try:
            token = await self._app.fetch_access_token(
                come_back, code=code, code_verifier=left.verifier
            )
            claims = await self._app.parse_id_token(token, nonce=left.nonce)
        except (HTTPError, OAuthError, JoseError, RuntimeError, ValueError) as error:
            raise SingleSignOnError from error
        if not claims or not isinstance(claims.get("sub"), str):
            raise SingleSignOnError
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Subject(claims["iss"], claims["sub"], email)
