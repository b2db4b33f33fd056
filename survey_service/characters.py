"""Characters that nobody sees, and texts that look the same though they are written otherwise."""

import re
import unicodedata

_BLANKS = re.compile(r"[^\S\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)
"""Letters and marks by their category, which are drawn as nothing all the same."""


def visible(text: str) -> str:
    """Return a text without what nobody sees in it, and without blanks around.

    For what is compared or reckoned with: in prose some of these join letters to others.
    """
    if text.isascii() and text.isprintable():
        return text.strip()  # as most are: names are put in order by the ten thousand
    return "".join(filter(_is_seen, text)).strip()


def is_blank(text: str) -> bool:
    """Whether there is nothing in a text that anybody sees."""
    return not visible(text)


def single_blanks(text: str) -> str:
    """Return a text with one blank where there are several, of whatever kind; lines stay apart."""
    return _BLANKS.sub(" ", text).strip()


def normal(text: str) -> str:
    """Return the form in which names are compared: small letters, single blanks, as it looks."""
    alike = unicodedata.normalize("NFKC", visible(text)).casefold()
    return " ".join(visible(alike).split())


def _is_seen(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category == "Cc":
        return letter.isspace() or letter == "\0"  # which is refused wherever it is kept
    return category != "Cf" and letter not in _UNSEEN and not "\U000e0000" <= letter <= "\U000e0fff"
