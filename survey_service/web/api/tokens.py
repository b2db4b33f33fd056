"""Tokens for programs, issued by a person to act as them."""

from typing import Annotated, Any

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.conduct.access import TokenScope
from survey_service.operations import tokens
from survey_service.operations.sessions import digest
from survey_service.operations.tokens import Issued
from survey_service.store.sessions import Token
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context


class WantedToken(Struct, frozen=True, forbid_unknown_fields=True):
    """What a token is for: a label to know it by, what it may do, and for how many days."""

    label: Annotated[bodies.Line, Meta(min_length=1)]
    scope: TokenScope = "read"
    days: Annotated[int, Meta(ge=1, le=365)] = 90


@post("/tokens", opt=SIGNED_IN, operation_id="issueToken", operation_class=taking(WantedToken))
async def issue(
    request: Request[Any, Any, Any], context: NamedDependency[Context], key: Key = None
) -> Issued:
    """Issue a token; the secret is shown this once. Issued with a token, it ends with that one."""
    wanted, by = await bodies.json(request, WantedToken), digest(context.caller.token or "")
    return await context.once(
        key, Issued, tokens.issue, wanted.label, wanted.scope, wanted.days, by
    )


@get("/tokens", opt=SIGNED_IN, operation_id="listTokens")
async def read_all(context: NamedDependency[Context]) -> Page[Token]:
    """List your tokens."""
    return Page(await context.read(tokens.list_all), None)


@delete("/tokens/{token_id:str}", opt=SIGNED_IN, operation_id="revokeToken")
async def revoke(context: NamedDependency[Context], token_id: FromPath[str]) -> None:
    """End a token: it is worth nothing from now on."""
    await context.write(tokens.revoke, token_id)
