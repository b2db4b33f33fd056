"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce.

What the provider says of itself is believed only as far as our setting goes: its document must name
the issuer that is set, and its tokens be signed with a key pair of its own, whatever it lists.
"""

from typing import Any

from authlib.integrations.base_client import BaseApp, OAuthError
from authlib.integrations.base_client.async_app import AsyncOAuth2Mixin
from authlib.integrations.base_client.async_openid import AsyncOpenIDMixin
from authlib.integrations.httpx_client import AsyncOAuth2Client
from httpx2 import HTTPError, Response
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from msgspec import Struct
from typing_extensions import override

from survey_service.errors.sign_on import SingleSignOnError

SECONDS = 10  # to wait for the provider
_LEEWAY = 60  # seconds by which its clock may differ
_OK = 200
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures by a key pair: none with what both sides know, and none at all."""


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


class _Client(AsyncOAuth2Client):  # type: ignore[misc] # untyped library
    """A client that takes no token from an answer that says it failed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register_compliance_hook("access_token_response", _succeeded)


def _succeeded(answer: Response) -> Response:
    if answer.status_code != _OK:
        raise SingleSignOnError
    return answer


class _App(AsyncOAuth2Mixin, AsyncOpenIDMixin, BaseApp):  # type: ignore[misc] # untyped library
    client_cls = _Client

    @override
    async def load_server_metadata(self) -> Any:
        """Return what the provider says of itself, if that is the one that is set.

        Raises:
            SingleSignOnError: It calls itself otherwise: what it vouches for would be another's.
        """
        found = await super().load_server_metadata()
        if str(found.get("issuer", "")).rstrip("/") != self.issuer:
            self.server_metadata.clear()  # to be asked for anew, once it is mended
            raise SingleSignOnError
        return found


class Provider:
    """The provider of single sign-on, and what we are to it."""

    def __init__(self, issuer: str, client: str, secret: str) -> None:
        self.issuer = issuer.rstrip("/")
        self._client = client
        self._app: Any = _App(
            None,
            name="provider",
            client_id=client,
            client_secret=secret,
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "timeout": SECONDS,
            },
        )
        self._app.issuer = self.issuer

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
            claims = await self._claims(str(token.get("id_token", "")))
            await self._check(claims, left.nonce)
        except (HTTPError, OAuthError, JoseError, RuntimeError, ValueError) as error:
            raise SingleSignOnError from error
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Subject(claims["iss"], claims["sub"], email if isinstance(email, str) else None)

    async def _claims(self, token: str) -> dict[str, Any]:
        """Return what a token says, once its signature is checked; keys that are new are fetched."""
        metadata = await self._app.load_server_metadata()
        listed = metadata.get("id_token_signing_alg_values_supported") or []
        allowed = sorted(ALGORITHMS.intersection(listed)) or ["RS256"]
        registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
        for force in (False, True):
            keys = KeySet.import_key_set(await self._app.fetch_jwk_set(force=force))
            try:
                return jwt.decode(token, keys, registry=registry).claims
            except InvalidKeyIdError:
                if force:
                    raise
        raise SingleSignOnError

    async def _check(self, claims: dict[str, Any], nonce: str) -> None:
        """Raise unless a token is the provider's answer, to us, to this very request."""
        metadata = await self._app.load_server_metadata()
        jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": metadata["issuer"]},
            sub={"essential": True},
            aud={"essential": True, "value": self._client},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        party = claims.get("azp", self._client if len(audience) == 1 else None)
        if party != self._client or not isinstance(claims["sub"], str):
            raise SingleSignOnError
