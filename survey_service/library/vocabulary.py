"""What lists say in either language, in any case and spelling: headings, kinds, roles, yes and no."""

from collections.abc import Iterable, Mapping

from survey_service import i18n
from survey_service.characters import normal

Words = Mapping[str, str]
"""What words mean, by their plain form."""

_YES = "ya y yes 1 true benar aktif active"
_NO = "tidak n no 0 false salah nonaktif inactive tidakaktif notactive"
_TRUTHS = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)


def plain(word: str) -> str:
    """Return a word as it is looked up: its letters and digits, small ("E-mail" is `email`)."""
    return "".join(letter for letter in normal(word) if letter.isalnum())


def words(**meant: str) -> Words:
    """Return a vocabulary: what is meant, and the words for it, parted by commas."""
    return {plain(word): key for key, said in meant.items() for word in (key, *said.split(","))}


def named(prefix: str, codes: Iterable[str], others: Words) -> Words:
    """Return the codes by their names in every language, as catalogues have them, and other words."""
    found = {
        plain(i18n.translate(f"{prefix}.{code}", language)): code
        for language in i18n.LANGUAGES
        for code in codes
    }
    return {**{code: code for code in codes}, **found, **others}


def truth(word: str) -> bool | None:
    """Return what a word for yes or no says; None where it is neither."""
    return _TRUTHS.get(plain(word))
