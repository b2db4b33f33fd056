"""Reports that prove themselves: what is issued, and what is found about it later."""

from pathlib import Path

from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.operations.verifying import Against, verified, verify
from tests.country import As, Country
from tests.pdfs import conforming
from tests.web.test_papers import _begun, _finished

Client = AsyncTestClient[Litestar]


async def test_a(client: Client, country: Country, tmp_path: Path) -> None:
    path, alice = await _begun(client, country), As(client, "alice")
    await _finished(client, path)

    answer = await alice.ask("GET", f"{path}/report?lang=en")
    answer2 = await alice.ask("GET", f"{path}/report?lang=id&paper=certificate")

    found = verify(conforming(answer.content), Against())
    for one in found.findings:
        print(one)
    for one in verify(conforming(answer2.content), Against()).findings:
        print(one)
    file = tmp_path / "r.pdf"
    file.write_bytes(answer.content)
    assert verified(file, Against()) == found
    assert found.code == ""
