"""Names that resemble one another so much that one of them may be a slip of the pen.

Kab. Lembah        Kabupaten Lembah     an abbreviation
Dinas Kesehatn     Dinas Kesehatan      a letter left out, added, or another one
Kota 17            Kota 18              two that are counted: no resemblance
Bagian A           Bagian B             nor in words as short as these
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

from survey_service.characters import normal

T = TypeVar("T", bound=Hashable)

_SHORT = {
    "kab": "kabupaten", "prov": "provinsi", "pemkab": "pemerintah kabupaten",
    "pemkot": "pemerintah kota", "pemprov": "pemerintah provinsi", "kemen": "kementerian",
}  # fmt: skip
_WORD = re.compile(r"\w+")
_LONG = 5  # letters of a word in which one may be wrong


def forms(name: str) -> set[str]:
    """Return the forms of a name of which two that resemble one another share at least one."""
    written = [_SHORT.get(word, word) for word in _WORD.findall(normal(name))]
    return {"".join(written), *_with_one_letter_less(written)}


def _with_one_letter_less(written: list[str]) -> Iterator[str]:
    for place, word in enumerate(written):
        if len(word) < _LONG or not word.isalpha():
            continue
        before, after = "".join(written[:place]), "".join(written[place + 1 :])
        for gap in range(len(word)):
            yield f"{before}{word[:gap]}{word[gap + 1 :]}{after}"


class Resembling(Generic[T]):
    """Names to be asked which of them another one resembles."""

    def __init__(self) -> None:
        self._known: dict[str, list[T]] = {}

    def add(self, name: str, what: T) -> None:
        """Note what is called so."""
        for form in forms(name):
            self._known.setdefault(form, []).append(what)

    def of(self, name: str) -> Iterable[T]:
        """Return what has been noted under names that resemble one, each once, in that order."""
        return dict.fromkeys(
            one for form in sorted(forms(name)) for one in self._known.get(form, ())
        )
