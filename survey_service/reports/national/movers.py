"""Who moved since an earlier cycle: by how much, and from which rank to which."""

from collections.abc import Sequence

from survey_service import i18n
from survey_service.analysis.movers import moves
from survey_service.analysis.selection import KIND, Selection
from survey_service.reports.national.view import Asked, Field, View, group_name, named, value
from survey_service.reports.tables import Cell


def movers(before: Selection, selection: Selection, asked: Asked, language: str) -> View:
    """Return the view: a row for each organisation with an index in both cycles.

    Who rose most comes first; who fell most where it is asked for `descending`.

    Both cycles ask by the same questionnaire and version.
    """
    then, now = before.counted, selection.counted
    found = moves(then.ids, then.column(asked.node), now.ids, now.column(asked.node))
    members = {one.organisation: one for one in now.members}
    rows: list[list[Cell]] = []
    order = range(len(found.ids))[:: -1 if asked.descending else 1][asked.rows]
    for row in order:
        one = members[int(found.ids[row])]
        rows.append(
            [
                one.name,
                group_name(KIND, one.kind, language),
                value(now, int(found.before[row])),
                value(now, int(found.after[row])),
                value(now, int(found.change[row])),
                int(found.rank_before[row]),
                int(found.rank_after[row]),
            ]
        )
    words = i18n.translate(
        "With a result only now: {joined}; only before: {left}.",
        language,
        joined=len(found.joined),
        left=len(found.left),
    )
    links = found.ids[order].tolist()
    return _view(now, asked.node, rows, language, count=len(found.ids), links=links, words=words)


def no_movers(selection: Selection, asked: Asked, language: str) -> View:
    """Return the view where no earlier cycle asked the same."""
    words = i18n.translate("No earlier cycle asked by this version of the questionnaire.", language)
    return _view(selection, asked.node, [], language, words=words)


def _view(
    of: Selection,
    node: str,
    rows: list[list[Cell]],
    language: str,
    *,
    words: str,
    count: int = 0,
    links: Sequence[int] = (),
) -> View:
    what = named(of.questionnaire, node, language)
    title = i18n.translate("Who moved: {what}", language, what=what)
    fields = [
        Field("organisation", "string", i18n.translate("Organisation", language)),
        Field("kind", "string", i18n.translate("Kind", language)),
        Field("before", "number", i18n.translate("Before", language), node),
        Field("after", "number", i18n.translate("Now", language), node),
        Field("change", "number", i18n.translate("Moved by", language), node),
        Field("rank_before", "integer", i18n.translate("Rank before", language)),
        Field("rank_after", "integer", i18n.translate("Rank now", language)),
    ]
    return View("movers", title, fields, rows, count, links=links, words=words)
