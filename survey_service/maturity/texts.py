"""Words, codes and names: what everything in a questionnaire is made of."""

from typing import Annotated

from msgspec import Meta, Struct

END = r"$(?!\n)"
"""The end of a text in a pattern that others read too, who have no `\\Z`.

`$` alone stands before a line break at the end as well, so that `C1` with one would be another code.
"""

Words = Annotated[str, Meta(min_length=1, max_length=4000)]
Code = Annotated[str, Meta(pattern=rf"^[A-Za-z0-9][A-Za-z0-9._-]*{END}", max_length=40)]
Letter = Annotated[str, Meta(pattern=rf"^[A-Za-z0-9][A-Za-z0-9._+*-]*{END}", max_length=40)]
"""A code that people write as a mark, such as `C+` or `D*`."""

Version = Annotated[str, Meta(pattern=rf"^[0-9]+(\.[0-9]+)*{END}", max_length=20)]
Condition = Annotated[str, Meta(min_length=1, max_length=500)]
"""A CEL expression over `answers` and `organisation`; see `conditions`."""


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in every language of the product; none may be missing."""

    id: Words
    en: Words

    def in_(self, language: str) -> str:
        """Return the words in `language`; Indonesian where it is none of ours."""
        return self.en if language == "en" else self.id


UNREADABLE = Text("?", "?")
"""Stands for a text that is damaged where it is kept."""


class Named(Struct, frozen=True, forbid_unknown_fields=True):
    """A code with its name, such as somebody who carries out a step."""

    code: Code
    name: Text
