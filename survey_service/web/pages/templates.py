"""The papers as the templates in use make them of what is made up, with what is wrong with one."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from survey_service import i18n
from survey_service.conduct.life import State
from survey_service.errors.papers import TemplateFaultError
from survey_service.operations import reports, templates
from survey_service.reports.papers import PAPERS
from survey_service.web.access import acting
from survey_service.web.context import Context

NATIONAL = "national"


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
    state: State = "draft" if standing == "draft" else "final"
    making = _national(context, state) if paper == NATIONAL else _one(context, state, paper)
    try:
        return Response(await making, media_type="application/pdf")
    except TemplateFaultError as fault:
        return _page(context, fault)


async def _one(context: Context, state: State, paper: str) -> bytes:
    """Return a paper on a made-up assessment; the summary where there is none of that name."""
    wanted = next((one for one in PAPERS if one == paper), PAPERS[1])
    settings, language = context.services.settings, context.language
    shown = reports.shown_by(settings)
    report = await context.read(templates.preview, state, language, shown)
    return await context.services.renderer.paper(
        report, language, settings.report_templates, wanted
    )


async def _national(context: Context, state: State) -> bytes:
    """Return the national report on a made-up release."""
    settings, language = context.services.settings, context.language
    shown = reports.shown_by(settings)
    report = await context.read(templates.preview_national, state, language, shown)
    return await context.services.renderer.national(report, language, settings.report_templates)


def _page(context: Context, fault: TemplateFaultError | None = None) -> Response[str]:
    return context.page(
        "templates.html",
        status=fault.status if fault else 200,
        papers=(*PAPERS, NATIONAL),
        problem=i18n.describe(fault, context.language) if fault else "",
    )
