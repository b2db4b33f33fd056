"""A cycle's results as columns, and which of them are looked at."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from typing_extensions import override

from survey_service.analysis.columns import Columns, Member, Packed, columns, renewed
from survey_service.analysis.selection import KIND, PERCENT, Filters, Selection, select, whole
from survey_service.conduct.assessment import Ancestor
from survey_service.conduct.life import State
from survey_service.maturity.cards import NOTHING
from survey_service.maturity.conditions import Attributes
from tests.samples import tiny

ASKED = tiny("two_dimensions")
COUNTRY = Ancestor(1, "Country")


def _member(
    id_: int,
    state: State = "final",
    kind: str = "regency",
    attributes: Attributes | None = None,
    withdrawn: str | None = None,
) -> Member:
    organisation = 10 + id_
    above = (COUNTRY,)
    name = f"Agency {id_}"
    return Member(id_, organisation, name, kind, attributes or {}, above, state, 5, 5, withdrawn)


def _packed(*units: int, grade: str | None = "fair") -> Packed:
    """Return a result: the index, merit and oversight in units; indicators have no value."""
    nodes = np.array(units, "<i4").tobytes()
    return Packed(grade, nodes, np.full(5, NOTHING, "<i4").tobytes())


def _four() -> Columns:
    members = [
        _member(1, attributes={"region": "North", "large": True}),
        _member(2, kind="city", attributes={"region": "South", "people": 1.5}),
        _member(3, withdrawn="merged", attributes={"region": "North"}),
        _member(4, state="draft"),
    ]
    final = {
        1: _packed(1_000_000, 2_000_000, NOTHING),
        2: _packed(3_000_000, 5_000_000, 1_000_000, grade=None),
        3: _packed(2_000_000, 2_000_000, 2_000_000),
        4: _packed(4_000_000, 4_000_000, 4_000_000),
    }
    return columns(ASKED, members, {"final": final})


def _selection() -> Selection:
    return whole(ASKED, _four())


def _seen(selection: Selection) -> list[int]:
    return [one.assessment for one in selection.members]


def test_the_result_that_stands_is_that_of_the_stage_an_assessment_has_closed() -> None:
    found = _four()

    assert found.codes == ("", "merit", "oversight", "A", "B", "C", "D", "E")
    assert found.standing[:, 0].tolist() == [1_000_000, 3_000_000, 2_000_000, NOTHING]
    assert found.values["final"][:, 0].tolist() == [1_000_000, 3_000_000, 2_000_000, 4_000_000]
    assert found.graded.tolist() == ["fair", "", "fair", ""]
    assert found.counts.tolist() == [True, True, False, False]  # one withdrawn, one a draft


def test_a_result_that_is_packed_otherwise_counts_as_none() -> None:
    damaged = Packed("fair", b"\0\0\0", b"")

    found = columns(ASKED, [_member(1)], {"final": {1: damaged}})

    assert found.counts.tolist() == [False]


def test_what_changed_stands_where_it_stood_and_what_is_gone_is_gone() -> None:
    fresh = columns(ASKED, [_member(2)], {"final": {2: _packed(5_000_000, NOTHING, NOTHING)}})

    found = renewed(_four(), fresh, [3])

    assert [one.assessment for one in found.members] == [1, 2, 4]
    assert found.standing[:, 0].tolist() == [1_000_000, 5_000_000, NOTHING]


_STATES: tuple[State, ...] = ("draft", "final")
_STORED = st.dictionaries(
    st.integers(1, 6),
    st.tuples(
        st.sampled_from(_STATES),
        st.integers(1, 2),
        st.sampled_from([None, "fair", "excellent"]),
        st.sampled_from(["North", "South"]),
        st.integers(4, 5),
    ),
)
Stored = dict[int, tuple[State, int, str | None, str, int]]


@given(_STORED, _STORED)
def test_what_changed_is_renewed_as_if_all_were_read_anew(before: Stored, now: Stored) -> None:
    changed = {id_ for id_ in before | now if before.get(id_) != now.get(id_)}
    gone = sorted(changed.difference(now))
    known = whole(ASKED, _of(before))
    _ = _counted(known)  # so that all is there which might be carried over

    found = renewed(
        known.columns or _of(before),
        _of({id_: now[id_] for id_ in changed.intersection(now)}),
        gone,
    )

    anew = _of(now)
    assert found.members == anew.members
    assert found.values["final"].tolist() == anew.values["final"].tolist()
    assert found.grades["final"].tolist() == anew.grades["final"].tolist()
    assert _counted(whole(ASKED, found, before=known)) == _counted(whole(ASKED, anew))


def _of(stored: Stored) -> Columns:
    members = [
        structs.replace(_member(id_, state, attributes={"region": region}), answered=answered)
        for id_, (state, _, _, region, answered) in sorted(stored.items())
    ]
    final = {
        id_: _packed(index, index, NOTHING, grade=grade)
        for id_, (_, index, grade, *_) in stored.items()
    }
    return columns(ASKED, members, {"final": final})


def _counted(of: Selection) -> list[object]:
    """Return all that is worked out of a cycle, and kept."""
    known = of.kinds, of.attributes, of.branches, of.ids.tolist(), of.groups("region").tolist()
    return [*known, of.values.tolist(), of.grades.tolist(), of.compared.tolist()]


def test_nothing_left_out_is_all() -> None:
    everything = _selection()

    assert select(everything, Filters()) is everything


def test_filters_leave_out_what_is_of_another_kind_group_or_branch() -> None:
    everything = _selection()

    assert _seen(select(everything, Filters(kind="city"))) == [2]
    assert _seen(select(everything, Filters(attribute="region", value="North"))) == [1, 3]
    assert _seen(select(everything, Filters(attribute="large", value="true"))) == [1]
    assert _seen(select(everything, Filters(attribute="people", value="1.5"))) == [2]
    assert _seen(select(everything, Filters(below=1))) == [1, 2, 3, 4]
    assert _seen(select(everything, Filters(below=13))) == [3]
    assert _seen(select(everything, Filters(), visible=[12, 99])) == [2]


def test_kinds_and_groups_are_those_that_there_are() -> None:
    everything = _selection()

    assert everything.kinds == ("city", "regency")
    assert everything.attributes == {
        "large": ("true",),
        "people": ("1.5",),
        "region": ("North", "South"),
    }
    assert everything.groups("region").tolist() == ["North", "South", "North", ""]
    assert everything.groups("").tolist() == ["", "", "", ""]
    assert everything.groups(KIND) is everything.groups(KIND)  # made once


def test_somebody_else_may_ask_for_groups_while_rows_are_left_out() -> None:
    everything = _selection()

    class Asking(np.ndarray[tuple[int], np.dtype[np.str_]]):
        """Groups, of whose rows some are taken just when others are asked for."""

        @override
        def __getitem__(self, rows: Any) -> Any:
            everything.groups("region")
            return super().__getitem__(rows)

    everything._groups[KIND] = everything.groups(KIND).view(Asking)

    found = everything.only(np.array([True, False, False, True]))

    assert found.groups(KIND).tolist() == ["regency", "regency"]
    assert found.groups("region").tolist() == ["North", ""]


def test_a_selection_of_nobody_has_no_group() -> None:
    nobody = select(_selection(), Filters(kind="country"))

    assert nobody.kinds == ()
    assert nobody.counted.column("").tolist() == []


def test_what_is_reached_is_a_part_of_the_span() -> None:
    found = _selection().counted.reached(["merit", "oversight"])

    # levels 1 to 5: (2 - 1)/4 and (5 - 1)/4 of merit; nothing and (1 - 1)/4 of oversight
    assert found.tolist() == [[PERCENT // 4, NOTHING], [PERCENT, 0]]


def test_the_values_of_a_stage_are_those_of_the_rows_that_are_left() -> None:
    found = _selection().counted

    assert found.at_stage("final")[:, 0].tolist() == [1_000_000, 3_000_000]
    assert found.at_stage("self")[:, 0].tolist() == [NOTHING, NOTHING]
    assert found.checked.tolist() == [True, True]


def test_where_agencies_stand_for_their_units_there_are_no_stages() -> None:
    found = _selection()
    rolled = structs.replace(found, columns=None, rows=np.empty(0, np.intp)).counted

    assert rolled.values.tolist() == found.counted.values.tolist()
    assert set(rolled.at_stage("self").ravel().tolist()) == {NOTHING}
    assert rolled.checked.tolist() == [False, False]
