"""What lies beside an answer: attaching evidence, commenting, sharing the work, calling it ready.

To script each answers with what is beside the answer now; without, with the page, at the answer.
"""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Concatenate, Literal, ParamSpec, TypeVar
from urllib.parse import quote

from litestar import Request, Response, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.access import Actor
from survey_service.conduct.remarks import Outcome
from survey_service.errors import SurveyError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.errors.evidence import NoFileError
from survey_service.maturity.answers import Prose
from survey_service.operations import evidence, filling, remarks, teamwork
from survey_service.operations.evidence import Wanted
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.evidence import file_name, limits
from survey_service.web.context import Context
from survey_service.web.pages.responses import annotations_fragment, back, filling_page
from survey_service.web.problems import BEYOND

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[Writer, Actor, int, P], object]

_ONE = "/assessments/{assessment_id:int}/responses/{indicator:str}"
_PIECE = 1 << 20  # bytes


class Link(Struct, frozen=True):
    """The address of something on the web."""

    url: Annotated[str, Meta(max_length=3000)] = ""


class Said(Struct, frozen=True):
    """A comment, whether one of the team is shared, and whom it is to tell.

    `mention` is 0 for nobody but those whom the text mentions.
    """

    text: Prose = ""
    shared: str = ""
    mention: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class Answered(Struct, frozen=True):
    """What is said on resolving a remark, and what became of it."""

    answer: Prose = ""
    outcome: Outcome | Literal[""] = ""


class Assigning(Struct, frozen=True):
    """Whose part it is from now on; 0 for nobody's."""

    person: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class Reassigning(Struct, frozen=True):
    """To whom all of somebody's parts go, 0 for nobody, and the part on whose page this was asked."""

    person: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    part: bodies.Line = ""


class Marking(Struct, frozen=True):
    """Whether the answer, as it is now, is ready for check."""

    ready: str = ""


class Page:
    """The page that something beside an answer was sent from, and its answer."""

    def __init__(
        self,
        request: Request[Any, Any, Any],
        context: NamedDependency[Context],
        assessment_id: FromPath[int],
        indicator: FromPath[str],
    ) -> None:
        self.request, self.context = request, context
        self.assessment_id, self.indicator = assessment_id, indicator

    async def sent(self, type_: type[T]) -> T:
        """Return the form that was sent."""
        return await bodies.form(self.request, type_)

    async def after(
        self, opened: str, work: Work[P], *args: P.args, **kwargs: P.kwargs
    ) -> Response[Any]:
        """Do work on the assessment, and show how things are then, with what was `opened`.

        Where it is refused, show why, and what was typed.
        """
        try:
            await self.context.make(object, work, self.assessment_id, *args, **kwargs)
        except (*BEYOND, UnknownIndicatorError):
            raise
        except SurveyError as error:
            return await self.shown(opened, error)
        return await self.shown(opened)

    async def shown(self, opened: str, error: SurveyError | None = None) -> Response[Any]:
        """Show what is beside the answer, and what was typed if it was refused."""
        acted = {"open": opened}
        if error is not None:
            acted |= dict(self.request.state.get("typed", []))
            acted["problem"] = i18n.describe(error, self.context.language)
        status, by_indicator = error.status if error else 200, {self.indicator: acted}
        if "hx-request" in self.request.headers:
            found = await self.context.read(filling.load, self.assessment_id)
            return annotations_fragment(self.context, found, self.indicator, by_indicator, status)
        if error is not None:
            return await filling_page(
                self.context, self.assessment_id, self.indicator, acted=by_indicator, status=status
            )
        if ("back", "changes") in self.request.state.get("typed", []):
            path = f"/assessments/{self.assessment_id}/changes#{self.indicator}"
            return Redirect(path, status_code=303)
        found = await self.context.read(filling.load, self.assessment_id)
        return back(found.sheet, self.indicator)


_OF_PAGE: dict[str, Any] = {
    "include_in_schema": False,
    "dependencies": {"page": Provide(Page, sync_to_thread=False)},
}


@post(
    _ONE + "/evidence",
    opt=acting("attach"),
    request_max_body_size=None,  # ours is checked as the files are read
    **_OF_PAGE,
)
async def upload(
    page: NamedDependency[Page],
) -> Response[Any]:
    """Attach files; those before one that is refused stay attached."""
    context = page.context
    await context.read(evidence.require_attachable, page.assessment_id, page.indicator)
    bounds = limits(context)
    try:
        files = await bodies.files(page.request, bounds.size * bounds.count)
        if not files:
            raise NoFileError
        for file in files:
            await _keep(page, file)
    except BEYOND:
        raise
    except SurveyError as error:
        return await page.shown("evidence", error)
    return await page.shown("evidence")


async def _keep(page: Page, file: UploadFile) -> None:
    context, wanted = page.context, Wanted(page.indicator, file_name(file.filename))
    bounds = limits(context)
    async with evidence.keeping(
        context.services.db, context.services.files, pieces(file), wanted.name, bounds.size
    ) as kept:
        await context.make(object, evidence.attach_file, page.assessment_id, wanted, kept, bounds)


async def pieces(file: UploadFile) -> AsyncIterator[bytes]:
    """Yield the content of a file that was sent."""
    while piece := await file.read(_PIECE):
        yield piece


@post(_ONE + "/links", opt=acting("attach"), **_OF_PAGE)
async def link(
    page: NamedDependency[Page],
) -> Response[Any]:
    """Attach the address of something on the web."""
    url = (await page.sent(Link)).url.strip()
    wanted = Wanted(page.indicator, url[:200])
    return await page.after("evidence", evidence.attach_link, wanted, url, limits(page.context))


@post(_ONE + "/evidence/{evidence_id:int}/removal", opt=acting("attach"), **_OF_PAGE)
async def remove(
    page: NamedDependency[Page],
    evidence_id: FromPath[int],
) -> Response[Any]:
    """Take a piece of evidence away; it can be put back."""
    return await page.after("evidence", evidence.remove, evidence_id)


@post(_ONE + "/evidence/{evidence_id:int}/restoration", opt=acting("attach"), **_OF_PAGE)
async def restore(
    page: NamedDependency[Page],
    evidence_id: FromPath[int],
) -> Response[Any]:
    """Put back what was taken away."""
    return await page.after("evidence", evidence.restore, evidence_id, limits(page.context))


@post(_ONE + "/remarks", opt=acting("comment"), **_OF_PAGE)
async def comment(
    page: NamedDependency[Page],
) -> Response[Any]:
    """Comment on an answer."""
    said = await page.sent(Said)
    named, shared = (page.indicator, said.text, said.mention), bool(said.shared)
    return await page.after("remarks", remarks.comment, *named, shared=shared)


@post(_ONE + "/remarks/{remark_id:int}/resolution", opt=acting("comment"), **_OF_PAGE)
async def resolve(
    page: NamedDependency[Page],
    remark_id: FromPath[int],
) -> Response[Any]:
    """Resolve a remark on an answer."""
    said = await page.sent(Answered)
    named = (remark_id, said.answer, said.outcome or None)
    return await page.after("remarks", remarks.resolve, *named)


@post(_ONE + "/assignment", opt=acting("assign"), **_OF_PAGE)
async def assign(
    page: NamedDependency[Page],
) -> Response[Any]:
    """Assign an indicator to somebody of the team, or to nobody in particular."""
    person = (await page.sent(Assigning)).person or None
    return await page.after("work", teamwork.assign, page.indicator, person)


@post(
    "/assessments/{assessment_id:int}/parts/{code:str}/assignment",
    opt=acting("assign"),
    include_in_schema=False,
)
async def assign_part(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    code: FromPath[str],
) -> Response[Any]:
    """Assign a part to somebody of the team, or to nobody in particular."""
    person = (await bodies.form(request, Assigning)).person or None
    await context.write(teamwork.assign, assessment_id, code, person)
    return Redirect(f"/assessments/{assessment_id}/parts/{code}", status_code=303)


@post(
    "/assessments/{assessment_id:int}/assignees/{assignee_id:int}",
    opt=acting("assign"),
    include_in_schema=False,
)
async def reassign(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    assignee_id: FromPath[int],
) -> Response[Any]:
    """Assign all that is assigned to somebody who left, and go back to where that was asked."""
    given = await bodies.form(request, Reassigning)
    await context.write(teamwork.reassign, assessment_id, assignee_id, given.person or None)
    return Redirect(f"/assessments/{assessment_id}/parts/{quote(given.part)}", status_code=303)


@post(_ONE + "/ready", opt=acting("ready"), **_OF_PAGE)
async def mark(
    page: NamedDependency[Page],
) -> Response[Any]:
    """Call an answer ready for check, or take that back."""
    ready = bool((await page.sent(Marking)).ready)
    return await page.after("work", teamwork.mark_ready, page.indicator, ready=ready)
