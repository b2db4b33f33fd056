"""Files to take along: what they are called says what they are, whose, and of when."""

import asyncio
from typing import Literal

from litestar import Response

from survey_service.conduct.assessment import Assessment
from survey_service.reports import tables
from survey_service.reports.papers import file_name
from survey_service.reports.tables import Table
from survey_service.web.context import Context

Form = Literal["csv", "xlsx"]
MEDIA: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def attached(name: str) -> dict[str, str]:
    """Return the headers of a file that is to be kept under a name of plain letters."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


async def table_response(
    context: Context, table: Table, form: Form, of: Assessment
) -> Response[bytes]:
    """Return a table of an assessment as a file."""
    language = context.language
    if form == "csv":
        content = await asyncio.to_thread(tables.csv, table, language)
    else:
        content = await asyncio.to_thread(tables.xlsx, table)
    cycle = of.cycle.name if of.cycle else ""
    name = file_name(of.organisation.name, of.reference, cycle, language, table.name)
    return Response(content, media_type=MEDIA[form], headers=attached(f"{name}.{form}"))
