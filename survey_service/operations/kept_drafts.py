"""The reports of drafts that were looked at last: a draft does not change, and making one takes seconds."""

from collections.abc import Hashable

from survey_service.analysis.publications import Publication
from survey_service.operations.jobs import Tools
from survey_service.operations.publications import Shown
from survey_service.operations.release_drafts import paper
from survey_service.operations.remembered import Remembered


class KeptDrafts(Remembered[Hashable, bytes]):
    """Remembers the reports of drafts.

    Args:
        most: How many; one takes some hundred kilobytes.
    """

    def __init__(self, most: int = 8) -> None:
        super().__init__(most)

    async def paper(self, tools: Tools, draft: Shown, language: str) -> bytes:
        """Return the report of a draft, as `release_drafts.paper` makes it."""
        key = _key(draft.release, language)
        known = self.get(key)
        if known is not None:
            return known
        content = await paper(tools, draft, language)
        if draft.release.told.beside is not None:  # else it tells what is so just now
            self.put(key, content)
        return content


def _key(release: Publication, language: str) -> Hashable:
    """Return what tells a draft from all others: the next one may come to have its id."""
    return release.id, release.at, release.digests, language
