"""A PostgreSQL database in a file and back, through the server's own tools where they are.

Nothing of an address that is secret goes on a command line, where everybody on the machine sees it.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from survey_service.errors.installation import BackupError

_DEBIAN = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_OF_REVISION = re.compile(r"TABLE DATA \S+ alembic_version ")


def dump(database: str, server: int, target: Path) -> None:
    """Write a database, as of one moment, into a file for `load`.

    Args:
        database: Its address.
        server: The server's major version; the tool must not be older.
        target: The file, which is there.

    Raises:
        BackupError: There is no such tool, or it failed.
    """
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    _run("pg_dump", server, database, *arguments)


def load(source: Path, server: int, database: str) -> None:
    """Bring a dump back into an empty database, all of it or nothing, but for its revision.

    As long as that is not there, nobody can serve the database.

    Raises:
        BackupError: There is no tool for it, or it failed.
    """
    listed = _run("pg_restore", server, None, "--list", str(source))
    wanted = source.with_name("wanted.list")
    kept = [line for line in listed.splitlines() if not _OF_REVISION.search(line)]
    wanted.write_text("\n".join(kept))
    whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", server, database, *whole, f"--use-list={wanted}", str(source))


def _run(name: str, server: int, database: str | None, *arguments: str) -> str:
    environment = dict(os.environ)  # noqa: TID251 - for the tool, which finds its libraries by it
    target = []
    if database is not None:
        address, secret = parted(database)
        environment |= secret
        target = [f"--dbname={address}"]
    done = subprocess.run(  # noqa: S603 - a tool of the server's, and arguments of ours
        [_tool(name, server), *target, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip() or name).splitlines()[-1]
        raise BackupError(file="PostgreSQL", reason="tool", cause=said)
    return done.stdout


def _tool(name: str, server: int) -> str:
    """Return a tool that is not older than the server, the newest if there are several."""
    found = [shutil.which(name), *map(str, _DEBIAN.glob(f"*/bin/{name}"))]
    versions = {path: _version(path) for path in found if path is not None}
    if not versions:
        raise BackupError(file="PostgreSQL", reason="no_tool", tool=name, server=server)
    newest = max(versions, key=lambda path: versions[path])
    if versions[newest] < server:
        found_version = versions[newest]
        raise BackupError(
            file="PostgreSQL", reason="old_tool", tool=name, found=found_version, server=server
        )
    return newest


def _version(path: str) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - as above
    matched = _VERSION.search(told.stdout)
    return int(matched[1]) if matched else 0


def parted(database: str) -> tuple[str, dict[str, str]]:
    """Return an address without its password, and that for the tool's environment."""
    parts = urlsplit(database)
    if not parts.password:
        return database, {}
    user, at, host = parts.netloc.rpartition("@")
    place = user.partition(":")[0] + at + host
    return urlunsplit(parts._replace(netloc=place)), {"PGPASSWORD": unquote(parts.password)}
