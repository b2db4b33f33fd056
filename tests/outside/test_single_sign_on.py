"""Single sign-on against a provider that lies: what it says is believed only as far as it is proven.

A certified provider, with which people sign in, is in `tests/web/test_sign_on.py`.
"""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey
from typing_extensions import override

from survey_service.errors.sign_on import SingleSignOnError
from survey_service.outside.single_sign_on import Leaving, Provider

BACK = "http://localhost:8000/sign-in/provider/return"
CLIENT, SECRET = "survey", "a secret of forty-two letters, more or less"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
SHARED = OctKey.import_key(SECRET, {"kid": "shared"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
LEFT = Leaving("", "state", "nonce", "verifier")
ALL = ["none", "HS256", "RS256"]


class Lies:
    """What the provider says otherwise than an honest one would."""

    def __init__(self, **lies: Any) -> None:
        self.lies = lies

    def token(self, issuer: str) -> str:
        """Return the ID token."""
        now = int(time.time())
        claims = {
            "iss": issuer, "sub": "7", "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": "nonce",
            "email": "alice@mail.example", "email_verified": True, **self.lies.get("claims", {}),
        }  # fmt: skip
        said = json.dumps({name: value for name, value in claims.items() if value is not None})
        algorithm = self.lies.get("alg", "RS256")
        key = SHARED if algorithm == "HS256" else self.lies.get("key", KEY)
        header = {"alg": algorithm, "kid": key.kid}
        if algorithm == "none":
            written = (json.dumps({"alg": "none"}), said)
            return "".join(
                urlsafe_b64encode(one.encode()).decode().rstrip("=") + "." for one in written
            )
        return jws.serialize_compact(header, said, key, algorithms=[algorithm])

    def answer(self, path: str, issuer: str) -> tuple[int, object]:
        """Return status and body of the answer at a path."""
        if path.endswith("openid-configuration"):
            return 200, {
                "issuer": self.lies.get("issuer", issuer),
                "authorization_endpoint": f"{issuer}/auth",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/jwks",
                "id_token_signing_alg_values_supported": self.lies.get("listed", ALL),
            }
        if path.endswith("jwks"):
            return 200, {"keys": [KEY.as_dict(private=False), SHARED.as_dict(private=True)]}
        body = {"access_token": "x", "token_type": "Bearer", "id_token": self.token(issuer)}
        return self.lies.get("status", 200), {**body, **self.lies.get("body", {})}


@contextmanager
def serving(lies: Lies) -> Iterator[str]:
    """Run the provider; yield its issuer."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            issuer = f"http://{self.headers['Host']}"
            status, body = lies.answer(self.path, issuer)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 - as the library calls them

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "honest",
    [
        {},
        {"claims": {"aud": [CLIENT]}},
        {"claims": {"aud": [CLIENT, "other"], "azp": CLIENT}},
        {"listed": None},
    ],
)
async def test_whom_an_honest_provider_vouches_for_is_known(honest: dict[str, Any]) -> None:
    with serving(Lies(**honest)) as issuer:
        subject = await Provider(issuer + "/", CLIENT, SECRET).subject(LEFT, "code", BACK)

    assert subject.key == f"{issuer}|7"
    assert subject.email == "alice@mail.example"


@pytest.mark.parametrize(
    "lies",
    [
        {"alg": "none"},
        {"alg": "none", "listed": ["none"]},
        {"alg": "HS256"},
        {"alg": "HS256", "listed": ["HS256"]},
        {"key": OTHER},
        {"status": 400},
        {"status": 201},
        {"status": 500},
        {"body": {"error": "denied"}},
        {"body": {"id_token": None}},
        {"issuer": "https://another.example"},
        {"claims": {"iss": "https://another.example"}},
        {"claims": {"aud": "other"}},
        {"claims": {"aud": "other", "azp": CLIENT}},
        {"claims": {"azp": "other"}},
        {"claims": {"aud": [CLIENT, "other"]}},
        {"claims": {"aud": [CLIENT, "other"], "azp": "other"}},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"exp": 1}},
        {"claims": {"exp": None}},
        {"claims": {"iat": None}},
        {"claims": {"sub": None}},
        {"claims": {"sub": 7}},
    ],
    ids=lambda lies: "another key" if "key" in lies else str(lies),  # the same for every worker
)
async def test_what_is_not_proven_lets_nobody_in(lies: dict[str, Any]) -> None:
    with serving(Lies(**lies)) as issuer, pytest.raises(SingleSignOnError):
        await Provider(issuer, CLIENT, SECRET).subject(LEFT, "code", BACK)


@pytest.mark.parametrize("verified", [False, "true", None])
async def test_an_address_that_nobody_verified_is_none(*, verified: object) -> None:
    with serving(Lies(claims={"email_verified": verified})) as issuer:
        subject = await Provider(issuer, CLIENT, SECRET).subject(LEFT, "code", BACK)

    assert subject.email is None


async def test_nobody_is_sent_to_a_provider_that_calls_itself_otherwise() -> None:
    with (
        serving(Lies(issuer="https://another.example")) as issuer,
        pytest.raises(SingleSignOnError),
    ):
        await Provider(issuer, CLIENT, SECRET).leave(BACK)
