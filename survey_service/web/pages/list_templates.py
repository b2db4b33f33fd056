"""Lists to fill in, one click away from where they are brought."""

import asyncio
from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from survey_service.operations.list_templates import own_place
from survey_service.reports import list_templates
from survey_service.reports.list_templates import ListTemplate
from survey_service.web.access import acting
from survey_service.web.context import Context

Form = Literal["csv", "xlsx"]
_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@get("/organisations/template", opt=acting("organise"), include_in_schema=False)
async def organisations(
    context: NamedDependency[Context], form: FromQuery[Form] = "xlsx"
) -> Response[bytes]:
    """Download the list of organisations to fill in."""
    _, place = await context.read(own_place, "organise")
    return await _file(context, list_templates.organisations(context.language, place), form)


@get("/people/template", opt=acting("admit"), include_in_schema=False)
async def people(
    context: NamedDependency[Context], form: FromQuery[Form] = "xlsx"
) -> Response[bytes]:
    """Download the list of people to fill in, with the roles that the reader may give."""
    actor, place = await context.read(own_place, "admit")
    template = list_templates.people(context.language, place, actor.admits)
    return await _file(context, template, form)


async def _file(context: Context, template: ListTemplate, form: Form) -> Response[bytes]:
    if form == "csv":
        content = list_templates.csv(template, context.language)
    else:
        content = await asyncio.to_thread(list_templates.xlsx, template)
    headers = {"Content-Disposition": f'attachment; filename="{template.name}.{form}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)
