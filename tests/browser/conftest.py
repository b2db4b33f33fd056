"""A running service and a real Chromium for every test of the browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import CHROMIUM, QUIET, Service, serving


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Service]:
    """Run a service in which nothing has happened yet, but for the demo."""
    with serving(tmp_path / "service") as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    assert CHROMIUM.exists(), "apt-get install chromium"
    return {"executable_path": CHROMIUM, "args": QUIET}
