"""The client that the README generates, doing what the README does with it, against the real command."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec

from survey_service.app import create_app
from survey_service.settings import Settings
from survey_service.web.api.openapi import described
from tests.browser.serving import serving
from tests.samples import ROOT

README = (ROOT / "README.md").read_text()


def _document(folder: Path) -> bytes:
    """Return the API's document; an application needs no database to tell it."""
    settings = Settings(database=str(folder / "x.db"), files=str(folder / "files"))
    return msgspec.json.encode(described(create_app(settings)))


def test_the_readmes_client_opens_saves_and_reads_a_score(tmp_path: Path) -> None:
    document, client = tmp_path / "openapi.json", tmp_path / "client"
    document.write_bytes(_document(tmp_path))
    found = re.search(r"```python\n(from survey_service_client.*?)```", README, re.DOTALL)
    assert found is not None
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    paths = ["--path", str(document), "--output-path", str(client / "survey_service_client")]

    made = subprocess.run([*generate, *paths], capture_output=True, text=True, check=False)
    with serving(tmp_path) as service:
        signed_in = (
            "import httpx\n"
            f"ADDRESS = {service.address!r}\n"
            "given = {'login': 'demo', 'password': " + repr(service.password) + "}\n"
            "TOKEN = httpx.post(ADDRESS + '/api/v1/sessions', json=given).json()['token']\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", signed_in + found[1]],
            cwd=client,
            capture_output=True,
            text=True,
            check=False,
        )

    assert made.returncode == 0, made.stdout + made.stderr
    assert "Could not find reference" not in made.stdout
    assert done.stdout == "3\n", done.stderr
