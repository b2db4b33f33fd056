"""Lists that come as spreadsheets: read, previewed, and taken in from the preview's own form."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request, Response
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.access import Actor
from survey_service.conduct.people import Admission
from survey_service.errors import SurveyError
from survey_service.errors.evidence import NoFileError
from survey_service.errors.requests import InvalidBodyError
from survey_service.store.database import Reader, Writer
from survey_service.web import bodies
from survey_service.web.context import Context
from survey_service.web.problems import BEYOND, BODY_LIMIT

CONFIRMED_LIMIT = (
    12_000_000  # bytes of a form with the rows of a list: each is longer than its line
)
_ROWS = 4_000_000  # letters

T = TypeVar("T")
Plan = Admission


class Confirmed(Struct, frozen=True):
    """The rows of a list whose preview somebody has seen, as JSON, and the list itself."""

    rows: Annotated[str, Meta(max_length=_ROWS)] = ""
    list: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None


async def uploaded(
    request: Request[Any, Any, Any], load: Callable[[bytes, str], list[T]]
) -> tuple[list[T], str, str]:
    """Return the rows of the file that was sent, the same as JSON, and what the file is called.

    Raises:
        NoFileError: None was chosen.
        SurveyError: It cannot be read; see `load`.
    """
    files = await bodies.files(request, BODY_LIMIT)
    if not files:
        raise NoFileError
    content, name = await files[0].read(), files[0].filename
    return *await asyncio.to_thread(_read, load, content, name), name


def _read(load: Callable[[bytes, str], list[T]], content: bytes, name: str) -> tuple[list[T], str]:
    rows = load(content, name)
    written = msgspec.json.encode(rows).decode()
    _require_storable(written)
    return rows, written


async def preview_page(
    request: Request[Any, Any, Any],
    context: Context,
    template: str,
    load: Callable[[bytes, str], list[T]],
    preview: Callable[[Reader, Actor, list[T]], Plan],
    keep: Callable[[Writer, Actor, str, str], int],
    **values: object,
) -> Response[str]:
    """Return the page that shows what a list would do, or why it cannot be read.

    What can be read is kept, so that the page is still there after a change of language.

    Args:
        request: Holds the file.
        context: Whose page it is; they may do what the list would.
        template: Shows the `plan`, and sends back the `rows`.
        load: Makes rows of the file.
        preview: Makes a plan of the rows.
        keep: Keeps the rows and returns the id of the list.
        values: What the template shows beside them.
    """
    try:
        rows, written, name = await uploaded(request, load)
        plan = await context.read(preview, rows)
        list_id = await context.write(keep, name, written)
    except BEYOND:
        raise
    except SurveyError as error:
        problem = i18n.describe(error, context.language)
        return _page(context, template, error.status, problem=problem, **values)
    return planned_page(context, template, plan, written, list_id=list_id, **values)


def planned_page(
    context: Context, template: str, plan: Plan, rows: str, status: int = 200, /, **values: object
) -> Response[str]:
    """Return the page that shows what a list would do, with its misfits in words."""
    misfits = [
        (
            one.line,
            one.name,
            i18n.translate(
                f"problem.{one.reason}", context.language, name=one.name, value=one.value
            ),
        )
        for one in plan.misfits
    ]
    return _page(context, template, status, plan=plan, rows=rows, misfits=misfits, **values)


def _page(context: Context, template: str, status: int, **values: object) -> Response[str]:
    nothing: dict[str, object] = {
        "problem": "", "plan": None, "rows": "", "misfits": [], "list_id": None, "looked": None
    }  # fmt: skip
    return context.page(template, status=status, **(nothing | values))


async def confirmed(request: Request[Any, Any, Any], type_: type[T]) -> tuple[list[T], int | None]:
    """Return the rows that a preview's form sends back, and the id of the list where it says so.

    Raises:
        InvalidBodyError: They are no such rows.
    """
    sent = await bodies.form(request, Confirmed)
    written = sent.rows
    try:
        rows: list[T] = await asyncio.to_thread(msgspec.json.decode, written, type=list[type_])  # type: ignore[valid-type] # at run time
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InvalidBodyError(where="rows", reason="json") from error
    _require_storable(written)
    return rows, sent.list


def _require_storable(written: str) -> None:
    """Raise `InvalidBodyError` where rows, as JSON, hold a NUL, which PostgreSQL cannot keep."""
    if "\\u0000" in written:
        raise InvalidBodyError(where="rows", reason="json")
