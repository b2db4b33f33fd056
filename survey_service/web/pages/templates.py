"""The papers as the templates in use make them of a made-up assessment, with what is wrong with one."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from survey_service import i18n
from survey_service.errors.papers import TemplateFaultError
from survey_service.operations import reports, templates
from survey_service.reports.papers import PAPERS
from survey_service.web.access import acting
from survey_service.web.context import Context


@get("/templates", opt=acting("organise"), include_in_schema=False)
async def show(context: NamedDependency[Context]) -> Response[str]:
    """Show the papers that there are, each to be seen."""
    await context.read(templates.require_looking)
    return _page(context)


@get("/templates/preview.pdf", opt=acting("organise"), include_in_schema=False)
async def preview(
    context: NamedDependency[Context], paper: FromQuery[str] = "", standing: FromQuery[str] = ""
) -> Response[Any]:
    """Show a paper on a made-up assessment; where its template fails, the place and the reason."""
    wanted = next((one for one in PAPERS if one == paper), PAPERS[1])
    settings = context.services.settings
    report = await context.read(
        templates.preview,
        "draft" if standing == "draft" else "final",
        context.language,
        reports.shown_by(settings),
    )
    try:
        content = await context.services.renderer.paper(
            report, context.language, settings.report_templates, wanted
        )
    except TemplateFaultError as fault:
        return _page(context, fault)
    return Response(content, media_type="application/pdf")


def _page(context: Context, fault: TemplateFaultError | None = None) -> Response[str]:
    return context.page(
        "templates.html",
        status=fault.status if fault else 200,
        papers=PAPERS,
        problem=i18n.describe(fault, context.language) if fault else "",
    )
