"""Views of a whole cycle, as the pages show them."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from survey_service.operations import national
from survey_service.reports.national.view import FieldType
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.pages.national import Choice, choice


class Column(Struct, frozen=True):
    """A column of a view: its name, the type of its cells, and what people call it."""

    name: str
    type: FieldType
    title: str


class NationalView(Struct, frozen=True):
    """A view of a cycle: its fields, and rows of as many cells; numbers with decimals are texts.

    `count` tells how many rows there are in all.
    """

    view: str
    title: str
    cycle: int
    questionnaire: str
    fields: list[Column]
    rows: list[list[Any]]
    count: int


@get(
    "/cycles/{cycle_id:int}/views/{view:str}",
    opt=acting("read"),
    operation_id="readView",
    dependencies={"chosen": choice},
)
async def read(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    view: FromPath[str],
    chosen: NamedDependency[Choice],
) -> NationalView:
    """Read a view of a cycle: all its rows, from the one that `start` says."""
    wanted = chosen.wanted(cycle_id, view, None)
    seen = await context.read(national.view, context.services.columns, wanted, context.language)
    return NationalView(
        seen.view.code,
        seen.view.title,
        seen.cycle.id,
        seen.selection.questionnaire.reference,
        [Column(one.name, one.type, one.title) for one in seen.view.fields],
        [list(row) for row in seen.view.rows],
        seen.view.count,
    )
