"""One request's person, language and store: what every handler is given."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cached_property, partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from msgspec import Struct

from survey_service import clock, i18n
from survey_service.conduct.access import Action, Actor
from survey_service.errors import ForbiddenError, SurveyError
from survey_service.errors.accounts import SignInRequiredError
from survey_service.operations import audit, sessions
from survey_service.operations.columns import KeptColumns
from survey_service.operations.idempotency import is_known, key_of_form, once
from survey_service.operations.job_progress import Following
from survey_service.operations.kept_drafts import KeptDrafts
from survey_service.operations.kept_papers import KeptPapers
from survey_service.operations.one_time_links import Mailing
from survey_service.operations.preconditions import Form, unless_known
from survey_service.operations.reckoning import Reckoning
from survey_service.operations.sealing import Sealer
from survey_service.operations.sessions import Caller, Opening, signed_in
from survey_service.operations.throttling import Trial
from survey_service.operations.worker import Worker
from survey_service.outside.mail import Mail
from survey_service.outside.single_sign_on import Provider
from survey_service.reports.edition import edition
from survey_service.reports.pages import Pages
from survey_service.reports.rendering import Renderer
from survey_service.settings import Settings
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.files import Files
from survey_service.web.menu import menu
from survey_service.web.rendered import Page

P = ParamSpec("P")
T = TypeVar("T")
Tx = TypeVar("Tx", bound=Reader)
Connection = ASGIConnection[Any, Any, Any, Any]

_OUR_FAULT = 500  # and above: what is asked of the database then only makes it worse
_REMEMBERED = 10_000  # sessions; to forget one costs a write


class Services(Struct, frozen=True):
    """What the application is wired from, once.

    `mail` and `provider` are None where the settings name none. `worker` does jobs in this process;
    None where others do. `columns` are those of cycles that were looked at last, `papers` those that
    were handed out last, `drafts` the reports of drafts, and `reckoning` makes views of a cycle.
    `touched` remembers when a session was last recorded as used, by the digest of its token.
    """

    settings: Settings
    db: Database
    files: Files
    renderer: Renderer
    pages: Pages
    sealer: Sealer
    mail: Mail | None
    provider: Provider | None
    following: Following
    columns: KeptColumns
    papers: KeptPapers
    worker: Worker | None
    touched: dict[str, dt.datetime] = {}
    reckoning: Reckoning = msgspec.field(default_factory=Reckoning)
    drafts: KeptDrafts = msgspec.field(default_factory=KeptDrafts)

    def look_at_jobs(self) -> None:
        """Have it noticed at once that a job was asked for, or cancelled."""
        self.following.nudge()
        if self.worker is not None:
            self.worker.wake()


class Context:
    """A request's person, language and store.

    `who` is the person once something was read or written as them; pages show what they may do.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.services: Services = connection.app.state.services
        address = connection.client.host if connection.client else ""
        idle = dt.timedelta(minutes=self.services.settings.session_minutes)
        self.caller = Caller(token(connection), address, idle)
        self.who: Actor | None = None

    @cached_property
    def language(self) -> str:
        """The language in which to answer: most writes tell no words, and need none."""
        return language(self._connection)

    @cached_property
    def path(self) -> str:
        """The page that was asked for, to come back to."""
        is_page = self._connection.scope.get("method") == "GET"
        return self._connection.scope["path"] if is_page else "/"

    @property
    def _device(self) -> str:
        """What the request shows of a device on which somebody signed in before."""
        return self._connection.cookies.get(device_name(self.services.settings), "")

    async def read(
        self,
        query: Callable[Concatenate[Reader, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a query as the person who is signed in; that they may not is recorded."""
        try:
            known = self._noting(query)
            found = await self.services.db.read(signed_in, self.caller, known, *args, **kwargs)
        except ForbiddenError as error:
            await self._record(error)
            raise
        await self._touch()
        return found

    def has(self, tag: str) -> bool:
        """Whether the request says that its reader has what bears a tag."""
        return tag in known_tags(self._connection.headers.get("if-none-match"))

    async def unless_known(
        self,
        state: Callable[[Reader, Actor, int], str],
        query: Callable[Concatenate[Reader, Actor, int, P], T],
        id_: int,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> tuple[dict[str, str], T | None]:
        """Return headers and what a query says; None where the request names the tag of just this."""
        form = Form(self.language, edition(self.services.settings.report_templates))
        known = known_tags(self._connection.headers.get("if-none-match"))
        tag, found = await self.read(unless_known, known, form, state, query, id_, *args, **kwargs)
        return {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}, found

    async def write(
        self,
        operation: Callable[Concatenate[Writer, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run an operation as the person who is signed in; that they may not is recorded too."""
        try:
            known = self._noting(operation)
            done = await self.services.db.write(signed_in, self.caller, known, *args, **kwargs)
        except ForbiddenError as error:
            await self._record(error)
            raise
        await self._touch()
        return done

    async def ask(
        self,
        operation: Callable[Concatenate[Writer, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run an operation that asks for a job, or cancels one, as `write` does."""
        done = await self.write(operation, *args, **kwargs)
        self.services.look_at_jobs()
        return done

    async def once(
        self,
        key: str | None,
        outcome: type[T],
        operation: Callable[Concatenate[Writer, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run an operation as `write` does, once for each `Idempotency-Key`."""
        sealer = self.services.sealer
        return await self.write(once, key, outcome, sealer, operation, *args, **kwargs)

    async def make(
        self,
        outcome: type[T],
        operation: Callable[Concatenate[Writer, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run an operation as `write` does, once for each form: a double click does it once.

        See `bodies.form`, which knows by what a form is told apart.
        """
        key = self.key(operation, *args, **kwargs)
        return await self.once(key, outcome, operation, *args, **kwargs)

    def key(
        self,
        operation: Callable[Concatenate[Writer, Actor, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> str | None:
        """Return the key under which `make` does what a form asks for; None for a form without a token."""
        token = self._connection.state.get("once")
        return key_of_form(token, operation.__name__, args, kwargs)

    @asynccontextmanager
    async def looking_first(self, key: str | None) -> AsyncIterator[None]:
        """Look whether anything stands against what `once` is to do: what it did before does not.

        Raises:
            SurveyError: What stands against it, and nothing was done with the key yet.
        """
        try:
            yield
        except SurveyError:
            if key is None or not await self.read(is_known, key):
                raise

    async def actor(self) -> Actor:
        """Return the person who is signed in, even if they must set up a second factor first."""
        self.who = await self.services.db.read(sessions.known, self.caller)
        return self.who

    async def require(self, action: Action) -> None:
        """Raise `ForbiddenError` unless the person may take an action on their own behalf."""
        await self.read(sessions.permitted, action)

    async def recognise(self) -> None:
        """Find out who it is, where anybody is signed in, for a page that is for all."""
        if self.caller.token is not None:  # else nothing need be asked of the database
            with suppress(SignInRequiredError):
                await self.actor()

    def _noting(
        self, operation: Callable[Concatenate[Tx, Actor, P], T]
    ) -> Callable[Concatenate[Tx, Actor, P], T]:
        """Return the operation; when it runs, it is known who it is."""

        def noted(tx: Tx, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> T:
            self.who = actor
            return operation(tx, actor, *args, **kwargs)

        return noted

    def opening(self) -> Opening:
        """Return how a session that is opened now is opened."""
        lasts = dt.timedelta(hours=self.services.settings.session_hours)
        return Opening(lasts, self.caller.address, self._device)

    def trial(self, actor: Actor) -> Trial:
        """Return whose secret is tried where somebody signed in shows anew who they are."""
        return Trial(actor.login, self.caller.address, self._device)

    async def _record(self, error: ForbiddenError) -> None:
        """Record that the person may not, which undid what would have recorded it."""
        await self.services.db.write(signed_in, self.caller, audit.record_refusal, error)

    async def _touch(self) -> None:
        """Record now and then that the session is in use, or it would end as idle."""
        touched, now = self.services.touched, clock.now()
        name = sessions.digest(self.caller.token or "")
        if now - touched.get(name, now - sessions.TOUCHED_EVERY) >= sessions.TOUCHED_EVERY:
            if len(touched) >= _REMEMBERED:
                touched.clear()
            touched[name] = now
            await self.services.db.write(sessions.touch, self.caller)

    @property
    def mailing(self) -> Mailing | None:
        """How links are sent to people; None where there is no mail server."""
        if self.services.mail is None:
            return None
        return Mailing(self.services.settings.address, self.language)

    def page(self, template: str, *, status: int = 200, **values: object) -> Page:
        """Return a page in the visitor's language."""
        return Page(partial(self._rendered, template, values), status)

    def refused(self, template: str, status: int, values: Callable[[], dict[str, object]]) -> Page:
        """Return a page of an error, whose `values` are asked for once it is known who it is for."""
        recognise = None if status >= _OUR_FAULT else self._recognise_whatever_comes
        return Page(lambda: self._rendered(template, values()), status, recognise)

    async def _recognise_whatever_comes(self) -> None:
        """Find out who it is, for the menu: that an error is told must not hang on it."""
        with suppress(Exception):
            await self.actor()

    def _rendered(self, template: str, values: dict[str, object]) -> str:
        return self.services.pages.render(
            template,
            self.language,
            signed_in=self.caller.token is not None,
            person=self.who.login if self.who else "",
            menu=menu(self.who),
            path=self.path,
            **values,
        )


def context(request: Request[Any, Any, Any]) -> Context:
    """Provide the context of a request."""
    return Context(request)


def cookie_name(settings: Settings) -> str:
    """Return the session cookie's name; over HTTPS one that only this very host can set."""
    return "__Host-session" if settings.https else "session"


def device_name(settings: Settings) -> str:
    """Return the name of the cookie by which a device is known on which somebody signed in."""
    return "__Host-device" if settings.https else "device"


def token(connection: Connection) -> str | None:
    """Return the session's token: from the `Authorization` header, or from the cookie."""
    scheme, _, bearer = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return bearer
    return connection.cookies.get(cookie_name(connection.app.state.services.settings))


def known_tags(header: str | None) -> frozenset[str]:
    """Return the tags, bare, that an `If-None-Match` names."""
    named = (one.strip().removeprefix("W/").strip('"') for one in (header or "").split(","))
    return frozenset(named)


def language(connection: Connection) -> str:
    """Return the language: the one asked for, the one chosen before, or the browser's."""
    asked = connection.query_params.get("lang") or connection.cookies.get("language")
    if asked in i18n.LANGUAGES:
        return str(asked)
    accepted = connection.headers.get("accept-language")
    if not accepted:
        settings: Settings = connection.app.state.services.settings
        return settings.language
    return i18n.choose(accepted)
