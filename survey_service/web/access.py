"""Who may come to a route: what every handler declares, and the guard that keeps others out."""

from litestar import Request
from litestar.handlers import BaseRouteHandler

from survey_service.conduct.access import Action
from survey_service.errors import NotFoundError
from survey_service.errors.accounts import SignInRequiredError
from survey_service.errors.requests import MethodNotAllowedError
from survey_service.web.bodies import remember_typed
from survey_service.web.context import Connection, token

PUBLIC = {"access": "public"}
"""For handlers that need nobody signed in."""

SIGNED_IN = {"access": "signed in"}
"""For handlers that act as a person; what they may do is decided in the operation."""


def acting(action: Action) -> dict[str, str]:
    """Return what declares a handler whose operation asks for an action of the access table."""
    return {**SIGNED_IN, "action": action}


ASKS = {"access": "asks", "action": "answer"}
"""For forms whose operation asks who it is, so that what was typed is still there to show."""


NOBODY = {"access": "nobody"}
"""For routes that the framework adds and we do not offer."""


def _methods(connection: Connection) -> str:
    """Return the methods that an address knows."""
    path = connection.scope["path_template"]
    routes = [route for route in connection.app.routes if route.path == path]
    found = {method for route in routes for method in getattr(route, "methods", ())}
    return ", ".join(sorted((found | ({"HEAD"} if "GET" in found else set())) - {"OPTIONS"}))


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Keep visitors without a session from every handler that is declared for the signed in.

    A handler that declares nothing fails, always: forgetting is not an opening. OPTIONS, which the
    framework answers for some of an address's methods at a time, is refused with all of them.
    """
    if handler.handler_name == "options_handler":
        raise MethodNotAllowedError(method="OPTIONS", allowed=_methods(connection))
    access = handler.opt["access"]
    if access == "nobody":
        raise NotFoundError
    if access == "signed in" and token(connection) is None:
        if isinstance(connection, Request):
            await remember_typed(connection)
        raise SignInRequiredError
