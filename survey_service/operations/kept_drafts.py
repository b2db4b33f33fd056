"""The reports of drafts that were looked at last: a draft does not change, and making one takes seconds."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from survey_service.analysis.publications import Publication
from survey_service.operations.jobs import Tools
from survey_service.operations.publications import Shown
from survey_service.operations.release_drafts import paper


class KeptDrafts:
    """Remembers the reports of drafts.

    Args:
        most: How many; one takes some hundred kilobytes.
    """

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    async def paper(self, tools: Tools, draft: Shown, language: str) -> bytes:
        """Return the report of a draft, as `release_drafts.paper` makes it."""
        key = _key(draft.release, language)
        with self._lock:
            known = self._kept.pop(key, None)
        content = await paper(tools, draft, language) if known is None else known
        if draft.release.told.beside is not None:  # else it tells what is so just now
            with self._lock:
                self._kept[key] = content
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return content


def _key(release: Publication, language: str) -> Hashable:
    """Return what tells a draft from all others: the next one may come to have its id."""
    return release.id, release.at, release.digests, language
