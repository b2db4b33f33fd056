"""A database from before names were compared: who had a name that resembles another's goes on, and is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.store.tables import metadata
from tests import populated

_NEEDED = {"organisation", "person"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a database of the revision before, in which `Demo` and `demo` are two."""
    path = tmp_path / "survey.db"
    populated.sqlite(path, "0014", without=frozenset(metadata.tables) - _NEEDED)
    with closing(sqlite3.connect(path)) as connection, connection:
        for id_, login in ((1, "Demo"), (2, "demo"), (3, "eka")):
            connection.execute("update person set login = ? where id = ?", (login, id_))
    monkeypatch.setenv("SURVEY_DATABASE", str(path))
    monkeypatch.setenv("SURVEY_FILES", str(tmp_path / "files"))
    return path


def test_names_that_resemble_are_migrated_and_named_with_a_way_out(earlier: Path) -> None:
    assert run("migrate").exit_code == 0
    before = run("doctor").stdout
    with closing(sqlite3.connect(earlier)) as connection, connection:
        keys = dict(connection.execute("select login, login_key from person").fetchall())
        connection.execute("update person set active = 0 where login = 'demo'")
    after = run("doctor").stdout

    assert keys == {"Demo": "demo", "demo": " demo", "eka": "eka"}
    assert "NO  names to sign in with: Demo, demo\n    each signs in only as it is" in before
    assert "ok  names to sign in with: ok" in after
