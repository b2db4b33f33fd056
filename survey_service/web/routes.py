"""Every route: what the modules of `api` handle, under `/api/v1`, those of `pages`, and what programs ask of both."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from litestar.handlers import HTTPRouteHandler

from survey_service.web import api, keys, operational, pages, schemas


def _handlers(module: ModuleType) -> Iterator[HTTPRouteHandler]:
    """Yield the handlers that `module` defines."""
    yield from (one for one in vars(module).values() if isinstance(one, HTTPRouteHandler))


def _all_handlers(package: ModuleType) -> Iterator[HTTPRouteHandler]:
    """Yield the handlers of each module of `package`, so that none that is written can be forgotten."""
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield from _handlers(import_module(module.name))


API = [*_all_handlers(api)]
PAGES = [*_all_handlers(pages), *_handlers(operational), *_handlers(keys), *_handlers(schemas)]
