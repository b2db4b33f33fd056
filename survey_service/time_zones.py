"""Time zones by name, each opened alone: to list all of them walks the whole database of zones."""

import zoneinfo

_COPIES = ("posix/", "right/")  # of all zones; the second count seconds otherwise


def find(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the time zone of this name; None where there is none."""
    if name.startswith(_COPIES) or name == "posixrules":
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # the last of `Asia`, a folder
        return None
