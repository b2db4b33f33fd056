"""Where a country stands in sentences, and how far its ranks can be believed, in words."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from survey_service.analysis.releases import WHOLE, Figure, Release
from survey_service.analysis.robustness import Robustness
from survey_service.i18n import decimal, translate
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.showing import least
from survey_service.reports.indices import index
from survey_service.reports.robustness_words import assumption, drawn_from, order_kept

Mover = tuple[str, Decimal | None, Decimal | None, Decimal | None, int, int]
"""Who it is, the index before and now, the change, and the rank before and now."""


class Moved(Struct, frozen=True):
    """Of how many in both cycles so many went `up` and `down`, and by how much all on average."""

    cycle: str
    both: int
    up: int
    down: int
    mean: Decimal | None
    rose: tuple[Mover, ...]
    fell: tuple[Mover, ...]
    joined: int
    left: int


def sentences(
    release: Release, figures: Mapping[str, Figure], moved: Moved | None, language: str
) -> list[str]:
    """Return where the country stands: what is reached, where it is strong and weak, what moved.

    Args:
        release: What is told.
        figures: Of everybody, by the codes of nodes.
        moved: Since the cycle before; None where nothing is compared.
        language: Of the sentences.
    """
    return [
        _reached(release, figures.get(WHOLE), language),
        *_apart(release.questionnaire, figures, language),
        *_moved(release.questionnaire, moved, language),
    ]


def _reached(release: Release, whole: Figure | None, language: str) -> str:
    asked = release.questionnaire
    if whole is None or whole.mean is None:
        return translate(
            "In {cycle} the results of {count} organisations are final; of fewer than {fewest} no figure is told of all of them together.",
            language,
            cycle=release.cycle,
            count=release.count,
            fewest=release.fewest,
        )
    first, _, third = whole.quantiles
    return translate(
        "In {cycle} {number} organisations reach {mean} on average, on a scale from {lowest} to {highest}; half of them lie between {first} and {third}.",
        language,
        cycle=release.cycle,
        number=whole.count,
        mean=index(whole.mean, asked, language),
        lowest=decimal(asked.index_scale.lowest, language, exact=True),
        highest=decimal(asked.index_scale.highest, language, exact=True),
        first=index(first, asked, language),
        third=index(third, asked, language),
    )


def _apart(asked: Questionnaire, figures: Mapping[str, Figure], language: str) -> Iterator[str]:
    """Yield in which part the country is strongest, and in which weakest, by how much is reached."""
    found = [
        (_share(asked, node.code, figures[node.code].mean), node)
        for node in asked.nodes
        if node.code in figures
    ]
    found.sort(key=lambda one: -one[0])
    if len(found) > 1 and found[0][0] != found[-1][0]:
        (most, strong), (few, weak) = found[0], found[-1]
        yield translate(
            "It is strongest in “{strong}”, where {most} % of what can be reached are, and weakest in “{weak}” with {few} %.",
            language,
            strong=strong.name.in_(language),
            weak=weak.name.in_(language),
            most=decimal(most, language, 0),
            few=decimal(few, language, 0),
        )


def _share(asked: Questionnaire, code: str, mean: Decimal | None) -> Decimal:
    lowest, highest = (Decimal(end.numerator) / end.denominator for end in asked.spans[code])
    return 100 * ((mean or lowest) - lowest) / ((highest - lowest) or 1)


def _moved(asked: Questionnaire, moved: Moved | None, language: str) -> Iterator[str]:
    if moved is None or moved.mean is None:
        yield translate(
            "Nothing is compared with a cycle before: none asked by this version of the questionnaire, or not everybody is named.",
            language,
        )
        return
    change = decimal(moved.mean, language, least(asked))
    yield translate(
        "Of {both} organisations that have a result in {cycle} as well, {up} rose and {down} fell; on average they moved by {change}.",
        language,
        both=moved.both,
        cycle=moved.cycle,
        up=moved.up,
        down=moved.down,
        change=f"+{change}" if moved.mean > 0 else change,
    )


def robust(found: Robustness, language: str) -> Iterator[str]:
    """Yield how far the ranks can be believed, and what they depend on."""
    if (said := order_kept(found, language)) is not None:
        yield said
    effects = [(value, one) for one, value in found.effects.items() if value is not None]
    if effects:
        told = ", ".join(
            f"{assumption(one, language)} ({decimal(Decimal(repr(100 * value)), language, 0)} %)"
            for value, one in sorted(effects, reverse=True)
        )
        yield translate("What the ranks depend on most: {assumptions}.", language, assumptions=told)
    yield drawn_from(found, language)
