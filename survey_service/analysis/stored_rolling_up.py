"""Stored results of units rolled up to their agency, a whole cycle at once.

An agency comes to what it would by answering for each of its units: indicator by indicator by the
questionnaire's rule. What levels and options are worth is restored exactly, other values to the digits
that are kept. What units weigh, and which of them show no evidence, stored results do not tell: all
weigh the same, and none loses anything.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from typing_extensions import override

from survey_service.analysis.columns import INDEX, Member
from survey_service.analysis.selection import Selection
from survey_service.conduct.life import STATES
from survey_service.errors.national import NotRolledUpError
from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import NOTHING, unit
from survey_service.maturity.conditions import Attributes, Facts
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import ALONE, Card, Reckoning, decimal
from survey_service.maturity.tree import Indicator
from survey_service.maturity.values import Values

UNIT = "unit"
"""The kind of organisation that is rolled up."""

_COUNTS, _ASIDE = Answer(level=1), Answer(not_applicable="-")


class Agency(Struct, frozen=True):
    """An organisation above others: what it is called, its kind, and what else is known of it."""

    name: str
    kind: str
    attributes: Attributes


class RollingUp:
    """Rolls up what a questionnaire was answered with, over and over: what did not change is kept."""

    def __init__(self) -> None:
        self._made: dict[int, _Made] = {}

    def of(self, of: Selection, above: Mapping[int, Agency]) -> Selection:
        """Return a cycle in which the nearest agency above units stands for them; all others stay.

        What an agency is assessed for itself counts as one of its units. Units under no agency stay.

        Args:
            of: All of a cycle; of the same questionnaire each time.
            above: Those that stand above any of them, by id.

        Raises:
            NotRolledUpError: The questionnaire asks something on conditions, which only answers tell.
        """
        if of.questionnaire.conditional:
            raise NotRolledUpError(questionnaire=of.questionnaire.reference)
        parts: dict[int, list[int]] = {}
        for row, one in enumerate(of.members):
            parts.setdefault(_agency(one, above), []).append(row)
        combining = _Combining(of, above)
        self._made = {id_: self._again(combining, id_, rows) for id_, rows in parts.items()}
        found = [one.row for one in self._made.values()]
        return Selection(
            of.questionnaire,
            [one.member for one in found],
            of.codes,
            np.array([one.values for one in found], "<i4").reshape(len(found), len(of.codes)),
            np.array([one.grade for one in found], np.str_),
            np.array([one.compared for one in found], np.bool_),
            fewest=of.fewest,
        )

    def _again(self, combining: "_Combining", id_: int, rows: Sequence[int]) -> "_Made":
        """Return the row of an agency as it was made before, unless that was of something else."""
        known, parts = self._made.get(id_), combining.parts(id_, rows)
        if known is not None and known.of == parts:
            return known
        return _Made(parts, combining.row(id_, rows))


def _agency(one: Member, above: Mapping[int, Agency]) -> int:
    """Return the id of the agency that stands for a member: its own where it is nobody's unit."""
    if one.kind == UNIT:
        for ancestor in one.ancestors:
            if ancestor.id in above and above[ancestor.id].kind != UNIT:
                return ancestor.id
    return one.organisation


class _Row(Struct, frozen=True):
    member: Member
    values: list[int]
    grade: str
    compared: bool


_Parts = tuple[list[Member], bytes, list[str], bytes, Agency | None]


class _Made(Struct, frozen=True):
    """The row of an agency, and all that it was made of."""

    of: _Parts
    row: _Row


class _Together(Values, frozen=True):
    """What indicators come to, in place of what answers are worth."""

    found: Mapping[str, Fraction]

    @override
    def of(self, indicator: Indicator, answer: Answer) -> Fraction | None:
        return self.found.get(indicator.code)


class _Combining:
    """Makes the row of an agency from those of its units."""

    def __init__(self, of: Selection, above: Mapping[int, Agency]) -> None:
        self._of, self._above = of, above
        self._exact = {code: _exact(of.questionnaire, code, of.digits) for code in of.places}

    def parts(self, id_: int, rows: Sequence[int]) -> _Parts:
        """Return all that the row of an agency is made of."""
        of = self._of
        return (
            [of.members[row] for row in rows],
            of.values[rows].tobytes(),
            of.grades[rows].tolist(),
            of.compared[rows].tobytes(),
            self._above.get(id_),
        )

    def row(self, id_: int, rows: Sequence[int]) -> _Row:
        """Return the row of an agency, or of who stays by itself."""
        of, (first, *others) = self._of, rows
        if not others and of.members[first].organisation == id_:
            values, grade = of.values[first].tolist(), str(of.grades[first])
            return _Row(of.members[first], values, grade, bool(of.compared[first]))
        counted = [row for row in rows if of.compared[row]]
        member = self._member(id_, [of.members[row] for row in rows])
        if not counted:
            return _Row(member, [NOTHING] * len(of.codes), "", compared=False)
        asked = self._asked(member, of.members[counted[0]])
        worth = {code: self._value(code, counted) for code in asked.indicators}
        found = {code: value for code, value in worth.items() if value is not None}
        card = _card(asked, found, member.attributes)
        values = self._values(card)
        grade = card.grade.code if card.grade else ""
        return _Row(member, values, grade, compared=values[0] != NOTHING)

    def _member(self, id_: int, members: Sequence[Member]) -> Member:
        """Return the agency as its own assessment knows it, or as it is."""
        own = next((one for one in members if one.organisation == id_), None)
        below = members[0]
        if own is None:
            agency = self._above[id_]
            place = [one.id for one in below.ancestors].index(id_)
            known = (agency.name, agency.kind, agency.attributes, below.ancestors[place + 1 :])
        else:
            known = (own.name, own.kind, own.attributes, own.ancestors)
        withdrawn = [one.withdrawn for one in members]
        return Member(
            own.assessment if own else 0,
            id_,
            *known,
            min((one.state for one in members), key=STATES.index),
            sum(one.answered for one in members),
            sum(one.total for one in members),
            withdrawn[0] if None not in withdrawn else None,
        )

    def _asked(self, agency: Member, below: Member) -> Questionnaire:
        """Return what the agency is asked, or its units where only such are."""
        asked = self._of.questionnaire
        return asked.for_kind(agency.kind if asked.knows(agency.kind) else below.kind)

    def _value(self, code: str, rows: Sequence[int]) -> Fraction | None:
        """Return what an indicator comes to on the scale; None where nobody has a value of it."""
        there = [one for one in self._of.column(code)[rows].tolist() if one != NOTHING]
        if not there:
            return None
        counts = Counter(there)
        rule = self._of.questionnaire.indicators[code].units
        combine = rule.combine if rule else "mean"
        if combine == "minimum":
            return self._restored(code, min(there))
        if combine == "mode":
            return self._restored(code, max(counts, key=lambda one: (counts[one], -one)))
        parts = (self._restored(code, one) * count for one, count in counts.items())
        return sum(parts, Fraction(0)) / len(there)

    def _restored(self, code: str, found: int) -> Fraction:
        """Return the value on the scale of which a unit was kept."""
        known = self._exact[code]
        if found not in known:
            factor, offset = self._of.questionnaire.expressions[code]
            known[found] = (Fraction(found) / Fraction(10) ** self._of.digits - offset) / factor
        return known[found]

    def _values(self, card: Card) -> list[int]:
        indices = {INDEX: card.index, **{code: one.index for code, one in card.nodes.items()}}
        found = (indices.get(code) for code in self._of.codes)
        return [NOTHING if one is None else unit(one, self._of.digits) for one in found]


def _exact(questionnaire: Questionnaire, code: str, digits: int) -> dict[int, Fraction]:
    """Return the values on the scale that answers to an indicator can have, by what is kept of each."""
    factor, offset = questionnaire.expressions[code]
    values = questionnaire.answer_values.get(code, {}).values()
    indices = ((value, decimal(value * factor + offset)) for value in values)
    return {unit(index, digits): value for value, index in indices if index is not None}


def _card(asked: Questionnaire, found: Mapping[str, Fraction], attributes: Attributes) -> Card:
    answers = {code: _COUNTS if code in found else _ASIDE for code in asked.indicators}
    known = Facts({}, dict(attributes), set())
    return Reckoning(asked, answers, known, _Together(asked, ALONE, found), official=False).card()
