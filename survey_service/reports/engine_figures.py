"""What an engine makes of a country, in lines for a terminal."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from survey_service.analysis.columns import INDEX
from survey_service.analysis.national import Answered, Figures, Moved, Movement, Reached
from survey_service.analysis.national_coherence import Coherent
from survey_service.i18n import NOTHING, decimal, translate
from survey_service.maturity.cards import exact_unit
from survey_service.reports.national.view import figure, group_name, percent

_ENDS = 10  # indicators shown of the strongest, and of the weakest
_SHARES = (5, 50, 95)
_WIDTH = 14  # letters of a column
_HEAD = 28


def lines(found: Answered, by: str, language: str) -> Iterator[str]:
    """Yield the figures: who is where, the index by group, nodes, indicators at both ends, movers."""
    figures = found.figures
    yield f"{translate('Cycle', language)} {found.cycle}"
    for state, count in figures.states.items():
        yield f"{count:>{_WIDTH}}  {translate(f'state.{state}', language)}"
    yield f"{figures.compared:>{_WIDTH}}  {translate('Compared', language)}"
    yield ""
    yield from _groups(found, by, language)
    yield ""
    yield from _indicators(figures.indicators, found.titles[language], language)
    yield ""
    yield from _grades(found, by, language)
    yield ""
    yield from _claims(figures, found, language)
    yield ""
    yield from _coherence(figures.coherence, found.titles[language], language)
    if figures.movement is not None:
        yield ""
        yield from _movement(figures.movement, found.digits, language)


def _groups(found: Answered, by: str, language: str) -> Iterator[str]:
    """Yield the index of each group, then the means of the uppermost nodes of each."""
    heads = [translate("Compared", language), translate("Mean", language)]
    heads += [f"{share} %" for share in _SHARES]
    yield _row(translate("Index", language), heads)
    for one in found.figures.spreads:
        if one.code == INDEX:
            values = [one.mean, *(one.quantiles.get(share) for share in _SHARES)]
            yield _row(
                group_name(by, one.group, language),
                [str(one.count), *_shown(values, found, language)],
            )
    yield ""
    codes = found.tops
    means = {(one.group, one.code): one.mean for one in found.figures.spreads}
    yield _row(translate("Mean", language), codes)
    for one in found.figures.spreads:
        if one.code == INDEX:
            row = [means[one.group, code] for code in codes]
            yield _row(group_name(by, one.group, language), _shown(row, found, language))


def _indicators(found: Sequence[Reached], titles: dict[str, str], language: str) -> Iterator[str]:
    yield translate("Weakest and strongest indicators", language)
    ends = found if len(found) <= 2 * _ENDS else [*found[:_ENDS], *found[-_ENDS:]]
    for one in reversed(ends):
        levels = " / ".join(map(str, one.levels))
        yield f"{one.percent:>{_WIDTH}.1f} %  {one.code} {titles.get(one.code, '')}  ({levels})"


def _grades(found: Answered, by: str, language: str) -> Iterator[str]:
    """Yield how many of each group have which grade."""
    counts = {(one.group, one.what): one.count for one in found.figures.grades}
    codes = sorted({what for _, what in counts})
    yield _row(translate("Grades", language), [code or NOTHING for code in codes])
    for group in sorted({group for group, _ in counts}):
        cells = [str(counts.get((group, code), 0)) for code in codes]
        yield _row(group_name(by, group, language), cells)


def _claims(figures: Figures, found: Answered, language: str) -> Iterator[str]:
    """Yield how claims compare with what was found: of the index and the uppermost nodes."""
    yield translate("Claimed against found, of {count} checked", language, count=figures.checked)
    heads = [translate("Checked", language), translate("Too high", language)]
    heads += [translate("Too low", language), translate("Bias, %", language)]
    yield _row("", heads)
    for one in figures.claims:
        if one.code in {INDEX, *found.tops}:
            bias = decimal(Decimal(one.percent), language, 1) if one.items else NOTHING
            cells = [str(one.items), str(one.over), str(one.under), bias]
            yield _row(found.titles[language].get(one.code) or one.code, cells)


def _coherence(found: Coherent, titles: dict[str, str], language: str) -> Iterator[str]:
    """Yield the alpha of each node, parts that work against one another, and weights that turn out."""
    yield translate("Cronbach's alpha", language)
    for code, alpha in found.alpha.items():
        yield _named(decimal(figure(alpha), language), code, titles)
    if found.negative:
        pairs = "; ".join(f"{one.one} / {one.other}" for one in found.negative[:_ENDS])
        yield translate(
            "Parts of the same that work against one another (who has more of one has less of the other): {pairs}.",
            language,
            pairs=pairs,
        )
    yield ""
    yield translate("Weight it turns out to have, in percent", language)
    weights = sorted(found.effective_weights.items(), key=lambda each: -(each[1] or 0))
    ends = weights if len(weights) <= 2 * _ENDS else [*weights[:_ENDS], *weights[-_ENDS:]]
    for code, weight in ends:
        yield _named(decimal(percent(weight), language, 1), code, titles)


def _named(value: str, code: str, titles: dict[str, str]) -> str:
    return f"{value:>{_WIDTH}}  {f'{code} ' if code else ''}{titles.get(code, '')}"


def _movement(found: Movement, digits: int, language: str) -> Iterator[str]:
    told = {"rose": found.rose, "same": found.same, "fell": found.fell}
    yield translate("{rose} rose, {same} stayed, {fell} fell.", language, **told)
    yield translate(
        "With a result only now: {joined}; only before: {left}.",
        language,
        joined=found.joined,
        left=found.left,
    )
    for one in dict.fromkeys([*found.first, *found.last]):
        yield _moved(one, digits, language)


def _moved(one: Moved, digits: int, language: str) -> str:
    change = decimal(exact_unit(one.change, digits), language)
    sign = "+" if one.change > 0 else ""
    return f"{sign + change:>{_WIDTH}}  {one.name}  ({one.rank_before} → {one.rank_after})"


def _shown(values: Sequence[int | None], found: Answered, language: str) -> list[str]:
    exact = [None if value is None else exact_unit(value, found.digits) for value in values]
    return [decimal(value, language) for value in exact]


def _row(head: str, cells: Sequence[str]) -> str:
    return f"{head[:_HEAD]:{_HEAD}}" + "".join(f"  {cell[:_WIDTH]:>{_WIDTH}}" for cell in cells)
