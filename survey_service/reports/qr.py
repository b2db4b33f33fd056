"""Where anybody learns whether a paper stands, as a code that a telephone reads."""

import segno

from survey_service import i18n


def verifying(address: str, code: str, language: str) -> str:
    """Return the picture of the address at which a paper's code is looked up; "" for nowhere.

    Args:
        address: Where the service is found that issued it; "" where nobody is told.
        code: The paper's.
        language: Of the words that stand for the picture.
    """
    if not address:
        return ""
    place = f"{address}/verify/{code}"
    title = i18n.translate("Whether this was issued and stands: {address}", language, address=place)
    drawn = segno.make(place, micro=False)
    return drawn.svg_inline(scale=1, border=2, title=title, svgclass=None, lineclass=None)
