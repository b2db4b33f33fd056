"""Letters that papers need beside their own: names are written in the scripts of the country."""

import ctypes
import ctypes.util

FONTS = {
    "Noto Sans": "fonts-noto-core",
    "Noto Sans Javanese": "fonts-noto-core",
    "Noto Sans Balinese": "fonts-noto-core",
    "Noto Sans Arabic": "fonts-noto-core",
    "Droid Sans Fallback": "fonts-droid-fallback",
}
"""Families that `report.css` names, some for all of a package, and Debian's packages of them."""


def has_font(family: str) -> bool:
    """Whether the machine has a family of fonts, and would not take another one for it."""
    name = ctypes.util.find_library("fontconfig")
    if name is None:
        return False
    library = ctypes.CDLL(name)
    for function in (library.FcNameParse, library.FcFontMatch):
        function.restype = ctypes.c_void_p
    pattern = ctypes.c_void_p(library.FcNameParse(family.encode()))
    library.FcConfigSubstitute(None, pattern, 0)
    library.FcDefaultSubstitute(pattern)
    taken = ctypes.c_void_p(library.FcFontMatch(None, pattern, ctypes.byref(ctypes.c_int())))
    found = ctypes.c_char_p()
    library.FcPatternGetString(taken, b"family", 0, ctypes.byref(found))
    same = found.value == family.encode()
    for one in (pattern, taken):
        library.FcPatternDestroy(one)
    return same
