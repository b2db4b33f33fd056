"""What reads the old sheets of a ministry, for programs."""

from typing import Annotated, Any

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.operations import workbook_mappings
from survey_service.store.workbook_mappings import KeptMapping
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_ONE = "/mappings/{mapping_id:int}"


class Keeping(Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a mapping, YAML or JSON, as the README tells it."""

    content: Annotated[str, Meta(min_length=1, max_length=400_000)]


@get("/mappings", opt=acting("read"), operation_id="listMappings")
async def read_all(context: NamedDependency[Context]) -> Page[KeptMapping]:
    """List what reads old sheets: the mappings of your organisation and of those above it."""
    return Page(await context.read(workbook_mappings.list_all), None)


@post(
    "/mappings", opt=acting("publish"), operation_id="keepMapping", operation_class=taking(Keeping)
)
async def keep(
    request: Request[Any, Any, Any], context: NamedDependency[Context], key: Key = None
) -> KeptMapping:
    """Keep a mapping for your organisation and all below it; one of the same name is replaced."""
    given = await bodies.json(request, Keeping)
    content = given.content.encode()
    return await context.once(key, KeptMapping, workbook_mappings.keep, content)


@get(_ONE, opt=acting("read"), operation_id="readMapping")
async def read(context: NamedDependency[Context], mapping_id: FromPath[int]) -> KeptMapping:
    """Read a mapping."""
    return await context.read(workbook_mappings.read, mapping_id)


@delete(_ONE, opt=acting("publish"), operation_id="removeMapping", status_code=200)
async def remove(context: NamedDependency[Context], mapping_id: FromPath[int]) -> KeptMapping:
    """Take a mapping out of use; what it read stays."""
    return await context.write(workbook_mappings.remove, mapping_id)
