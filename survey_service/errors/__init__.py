"""What can go wrong that a person can cause: a code, an HTTP status, details, and no prose.

The words are in the catalogues under `error.<code>`, in every language; whoever shows an error
(`web`, `cli`) asks `i18n.describe` for them. Here is what can happen anywhere; each module of the
package has what can go wrong with one thing.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import ClassVar

from typing_extensions import override


class SurveyError(Exception):
    """Something a person can put right; `details` fill the message's placeholders."""

    code: ClassVar[str]
    status: ClassVar[int]

    @override
    def __init_subclass__(cls, *, code: str, status: int) -> None:
        """Give a kind of error its code and the HTTP status that goes with it."""
        cls.code, cls.status = code, status

    def __init__(self, **details: object) -> None:
        super().__init__(self.code, details)
        self.details = details


class NotFoundError(SurveyError, code="not_found", status=404):
    """There is no such thing, or not for this person: the two look the same."""


class ForbiddenError(SurveyError, code="forbidden", status=403):
    """The person's role does not include this."""


class NotOfferedError(SurveyError, code="not_offered", status=404):
    """This installation does not offer it: `setting` is not set."""


class DocumentError(SurveyError, code="document", status=422):
    """A file says something wrong at `file`, `line`, `key`; `reason` is one of `problem.*`."""


class RefusedRowsError(SurveyError, code="refused_rows", status=422):
    """`count` rows of `file` were refused, and the others are measured against all of them."""


class FileMissingError(SurveyError, code="file_missing", status=404):
    """There is no readable file `file`."""


class DamagedError(SurveyError, code="damaged", status=500):
    """What the database keeps of `what` was damaged, and cannot be read."""


class DamagedCalendarError(SurveyError, code="damaged_calendar", status=500):
    """What the database keeps of the days of a cycle was damaged, and cannot be read."""


class UnknownEntryError(SurveyError, code="unknown_entry", status=404):
    """The log has no entry `number`."""


def every_error() -> Iterator[type[SurveyError]]:
    """Yield every kind of error that there is, whether its module was needed so far or not."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    yield from SurveyError.__subclasses__()
