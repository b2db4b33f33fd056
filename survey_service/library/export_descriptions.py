"""What an export of results says of itself, read from the description that lies in it."""

import datetime as dt

import msgspec
from msgspec import Struct


class Resource(Struct, frozen=True):
    """A file of an export; of a file of results, its cycle and how many rows it has."""

    path: str
    size: int = msgspec.field(name="bytes")
    hash: str
    questionnaire: str
    digits: int | None = None
    cycle: int | None = None
    cycle_name: str = msgspec.field(name="cycleName", default="")
    rows: int = 0

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return self.hash.removeprefix("sha256:")


class Contributor(Struct, frozen=True):
    """Who made an export."""

    title: str


class Description(Struct, frozen=True):
    """When an export was made, by whom, and of which files it is."""

    created: dt.datetime
    resources: tuple[Resource, ...]
    contributors: tuple[Contributor, ...] = ()


def read(content: bytes | None) -> Description | None:
    """Return a description; None where there is none, or none that can be read."""
    if content is None:
        return None
    try:
        return msgspec.json.decode(content, type=Description)
    except msgspec.DecodeError:
        return None
