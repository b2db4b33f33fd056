"""The API against its own description: schemathesis makes up requests, all its checks watch.

Against the real command, as several roles. `GET …/report` is left out, as it makes a PDF each time,
and signing out, which would end the session that the requests are made in.
"""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from survey_service.store.database import connect
from tests.browser.serving import wait
from tests.country import settle
from tests.samples import ROOT

LEFT_OUT = (
    *("signOut", "signOutEverywhere", "readReport"),
    *("verifyReport", "bringBackWorkbook"),  # files of a kind that it cannot make up
)
EXAMPLES = "4"


@pytest.mark.parametrize(
    ("database", "who"),
    [
        ("sqlite", "alice"),
        ("postgresql", "ministry@Agency"),
        ("postgresql", "evaluator@Agency"),
    ],
    indirect=["database"],
)
def test_the_api_is_what_its_document_says(database: str, who: str, tmp_path: Path) -> None:
    asyncio.run(_settle(database))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {
        **os.environ,  # noqa: TID251 - for the children
        "SURVEY_DATABASE": database,
        "SURVEY_FILES": str(tmp_path / "files"),
        "SURVEY_PORT": port,
        "SCHEMATHESIS_HOOKS": "tests.schemathesis_hooks",
        "PYTHONPATH": str(ROOT),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    serve = [sys.executable, "-m", "survey_service", "serve"]
    command = [
        sys.executable, "-m", "schemathesis.cli",
        "--config-file", str(ROOT / "tests" / "schemathesis.toml"),
        "run", f"http://127.0.0.1:{port}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {who}",
        "--checks", "all", "--max-examples", EXAMPLES, "--seed", "1", "--generation-database", "none",
        *(option for name in LEFT_OUT for option in ("--exclude-operation-id", name)),
    ]  # fmt: skip

    with subprocess.Popen(serve, env=environment, cwd=tmp_path) as service:
        try:
            wait(f"http://127.0.0.1:{port}/health")
            done = subprocess.run(
                command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
            )
        finally:
            service.terminate()

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


async def _settle(database: str) -> None:
    db = connect(database)
    await settle(db)
    await db.close()
