from pathlib import Path

from survey_service.store.files import Files


async def test_a_file_is_kept_under_its_name(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")

    await files.put("reports/a.pdf", b"content")

    assert await files.get("reports/a.pdf") == b"content"
    assert await files.get("reports/b.pdf") is None
