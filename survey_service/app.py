"""The application, built and wired in one place."""

import hashlib
import zoneinfo
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.static_files import create_static_files_router

from survey_service.maturity.answers import ends
from survey_service.operations import questionnaires
from survey_service.operations.sealing import Sealer
from survey_service.outside.mail import Mail
from survey_service.outside.single_sign_on import Provider
from survey_service.reports.pages import Pages
from survey_service.reports.rendering import ASSETS, renderer
from survey_service.settings import Settings, from_environment
from survey_service.store.database import connect
from survey_service.store.files import files
from survey_service.store.schema import require_newest
from survey_service.web import operational, problems, security
from survey_service.web.api import assessments as api_assessments
from survey_service.web.api import cycles as api_cycles
from survey_service.web.api import evidence as api_evidence
from survey_service.web.api import openapi
from survey_service.web.api import organisations as api_organisations
from survey_service.web.api import people as api_people
from survey_service.web.api import questionnaires as api_questionnaires
from survey_service.web.api import remarks as api_remarks
from survey_service.web.api import responses as api_responses
from survey_service.web.api import sessions as api_sessions
from survey_service.web.api import steps as api_steps
from survey_service.web.api import teamwork as api_teamwork
from survey_service.web.api import tokens as api_tokens
from survey_service.web.caching import Unchanged
from survey_service.web.pages import (
    assessments,
    checking,
    passwords,
    responses,
    second_factor,
    sessions,
    sign_on,
    steps,
)
from survey_service.web.pages import questionnaires as questionnaire_pages
from survey_service.web.visits import NOBODY, PUBLIC, Services, guard, visit

_STATIC = Path(__file__).with_name("web") / "static"
_TEMPLATES = Path(__file__).with_name("web") / "templates"
_YEAR = 365 * 24 * 3600  # seconds

_API = [
    api_questionnaires.everything,
    api_questionnaires.one,
    api_sessions.sign_in,
    api_sessions.sign_out,
    api_sessions.everything,
    api_sessions.sign_out_everywhere,
    api_sessions.me,
    api_sessions.change_password,
    api_sessions.offer,
    api_sessions.confirm,
    api_sessions.redeem,
    api_sessions.forgotten,
    api_organisations.everything,
    api_organisations.add,
    api_organisations.one,
    api_organisations.change,
    api_organisations.import_list,
    api_people.everybody,
    api_people.invite,
    api_people.one,
    api_people.change,
    api_people.reset,
    api_people.remove_second_factor,
    api_tokens.issue,
    api_tokens.everything,
    api_tokens.revoke,
    api_assessments.newest,
    api_assessments.open_assessment,
    api_assessments.one,
    api_assessments.read_score,
    api_assessments.read_trend,
    api_assessments.read_trail,
    api_assessments.read_report,
    api_steps.taken,
    api_steps.take,
    api_steps.accept,
    api_steps.preview,
    api_steps.move,
    api_responses.everything,
    api_responses.compare,
    api_responses.one,
    api_responses.revisions,
    api_responses.save,
    api_responses.replay,
    api_teamwork.work,
    api_teamwork.assign,
    api_teamwork.mark,
    api_evidence.everything,
    api_evidence.upload,
    api_evidence.attach,
    api_evidence.download,
    api_evidence.remove,
    api_evidence.restore,
    api_remarks.everything,
    api_remarks.make,
    api_remarks.resolve,
    api_cycles.newest,
    api_cycles.plan,
    api_cycles.one,
    api_cycles.change,
    api_cycles.open_cycle,
    api_cycles.progress,
    openapi.document,
    openapi.reader,
]
_PAGES = [
    sessions.form,
    sessions.sign_in,
    sessions.sign_out,
    sessions.choose_language,
    sign_on.leave,
    sign_on.come_back,
    passwords.form,
    passwords.redeem,
    passwords.ask,
    passwords.forgotten,
    second_factor.form,
    second_factor.confirm,
    questionnaire_pages.home,
    questionnaire_pages.one,
    assessments.open_assessment,
    assessments.go_on,
    assessments.result,
    assessments.report,
    checking.begin,
    checking.part,
    checking.save,
    steps.take,
    steps.accept,
    steps.remark,
    steps.resolve,
    responses.part,
    responses.save,
    operational.health,
    operational.metrics,
]


def create_app(settings: Settings) -> Litestar:
    """Return the application; it opens its store when it starts and closes it when it stops."""
    return Litestar(
        route_handlers=[
            Router("/api/v1", route_handlers=_API, middleware=[Unchanged()]),
            *_PAGES,
            _static(),
        ],
        state=State({"services": _services(settings)}),
        lifespan=[_running],
        dependencies={"visit": Provide(visit, sync_to_thread=False)},
        guards=[guard],
        before_request=security.admit,
        before_send=[security.add_headers, operational.count],
        exception_handlers={Exception: _failed},
        request_max_body_size=problems.BODY_LIMIT,
        compression_config=CompressionConfig(
            "gzip",
            gzip_compress_level=5,
            minimum_size=1000,
            exclude="/content$",  # files are sent as they are, and their length is known
        ),
        logging_config=None,  # whoever starts a server decides where its log goes
        openapi_config=OpenAPIConfig(
            title="Survey service",
            version="1",
            description="Reform-maturity questionnaires: answer, score, report.",
            # Litestar derives the document; ours, with what it cannot know, is openapi.json.
            openapi_router=Router(
                "/api/v1/_generated", route_handlers=[], opt=NOBODY, include_in_schema=False
            ),
            render_plugins=[],
            use_handler_docstrings=True,
        ),
    )


def from_the_environment() -> Litestar:
    """Return the application as the environment describes it, for a server to start."""
    return create_app(from_environment())


def _services(settings: Settings) -> Services:
    return Services(
        settings=settings,
        db=connect(settings.database),
        files=files(settings),
        sealer=Sealer(settings.secret),
        mail=Mail(settings.mail, settings.mail_from) if settings.mail else None,
        provider=_provider(settings),
        renderer=renderer(settings),
        pages=Pages(
            _TEMPLATES,
            zoneinfo.ZoneInfo(settings.time_zone),
            static_version=_static_version(),
            ends=ends,
        ),
    )


def _provider(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    return Provider(settings.oidc_issuer, settings.oidc_client, settings.oidc_secret)


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    services: Services = app.state.services
    services.settings.require_safe()
    try:
        await services.db.read(require_newest)
        await services.db.read(questionnaires.require_unchanged, services.settings.questionnaires)
        yield
    finally:
        await services.db.close()
        services.renderer.close()


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    return problems.answer(request, error)


def _static() -> Router:
    return create_static_files_router(
        "/static",
        [_STATIC, ASSETS],
        cache_control=CacheControlHeader(public=True, max_age=_YEAR, immutable=True),
        opt=PUBLIC,
        include_in_schema=False,
    )


def _static_version() -> str:
    """Return what changes when a static file does, so that browsers may keep them for ever."""
    files = sorted(path for folder in (_STATIC, ASSETS) for path in folder.glob("*.*"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
