"""The tables of a release as Parquet has them, which needs an extra to be read."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from survey_service.errors.releases import NoReleaseError

_MARK, _SHORTEST = b"PAR1", 12  # at both ends, and with the length of what describes the rest

Value = str | int | float | None


def is_readable() -> bool:
    """Whether the extra is there that reads Parquet."""
    return find_spec("arro3") is not None


def rows(path: Path) -> Iterator[Mapping[str, Value]]:
    """Yield the rows of a table, each by the names of its columns.

    Raises:
        NoReleaseError: It is no such file.
    """
    from arro3.io import read_parquet  # noqa: PLC0415 - an extra

    content = path.read_bytes()
    if len(content) < _SHORTEST or {content[:4], content[-4:]} != {_MARK}:
        raise NoReleaseError(file=path.name, line=1)
    try:
        table = read_parquet(content).read_all()
        columns = [(name, table[name].to_pylist()) for name in table.column_names]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the library panics over some bytes, which is no `Exception`
        raise NoReleaseError(file=path.name, line=1) from error
    for row in zip(*(values for _, values in columns), strict=True):
        yield dict(zip((name for name, _ in columns), row, strict=True))
