"""How the instruments of the library reckon, where no published result is known."""

import csv
from decimal import Decimal

import pytest

from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import Card, score
from survey_service.maturity.tree import Indicator
from tests.samples import LIBRARY, given, load, numbers

ZI = load(LIBRARY / "zona-integritas" / "2021.90.yaml")
MERIT = load(LIBRARY / "merit" / "2018.40.yaml")
SPIP = load(LIBRARY / "spip" / "2021.5.yaml")
IP_ASN = load(LIBRARY / "ip-asn" / "2018.38.yaml")
RB = load(LIBRARY / "rb" / "2025.yaml")
CITY = Profile("city")


def _best(questionnaire: Questionnaire, indicator: Indicator) -> Answer:
    """Return the best answer to an indicator of zona integritas."""
    if indicator.answer_type == "option":
        options = questionnaire.options(indicator)
        return Answer(option=max(options, key=lambda option: option.value).code)
    if indicator.number is not None:
        return Answer(value=indicator.number.highest or Decimal(100))
    ratio = indicator.ratio
    assert ratio is not None
    values = {one.code: Decimal(6 if one.code in ratio.whole else 0) for one in ratio.inputs}
    if {*ratio.part} <= {*ratio.whole}:
        values |= dict.fromkeys({*ratio.whole} - {*ratio.part}, Decimal(0))
    elif not ratio.inverted:
        values[ratio.part[0]] = Decimal(6 * len(ratio.whole))
    return Answer(values=values)


def _zona(**changed: object) -> Card:
    best = {code: _best(ZI, indicator) for code, indicator in ZI.indicators.items()}
    answers = best | given(**changed)
    for code, answer in answers.items():
        accept(ZI, code, answer)
    return score(ZI, answers, profile=CITY)


def test_zona_integritas_asks_the_110_questions_and_every_pillar_adds_up() -> None:
    """PermenPANRB 90/2021: 60 points of enablers in two parts of 30, 40 of results."""
    asked = [code for code in ZI.indicators if code.startswith(("PP", "PR"))]
    kinds = [len(ZI.options(ZI.indicators[code])) for code in asked if ZI.indicators[code].choice]

    assert len(asked) == 110
    assert [kinds.count(options) for options in (2, 3, 4, 5)] == [17, 36, 33, 16]
    for code in ("pemenuhan", "reform"):
        assert ZI.spans[code][1] == 30
        assert sum(ZI.spans[node.code][1] for node in ZI.all_nodes[code].nodes) == 30
    assert ZI.spans["PPA1A"][1] == Decimal("0.25")


def test_a_full_sheet_of_zona_integritas_is_a_hundred_points_and_wbbm() -> None:
    card = _zona()

    assert card.index == 100
    assert card.grade is not None
    assert card.grade.code == "WBBM"
    assert card.refused == ()


def test_options_of_zona_integritas_count_their_fraction_of_an_equal_share() -> None:
    card = _zona(PPA1B={"option": "B"}, PPA3A={"option": "C"})

    assert card.nodes["PPA1"].index == Decimal("0.375")  # 0.25 + 0.5*0.25
    # a third of 0.33 + 1 + 1
    assert card.nodes["PPA3"].index == Decimal("0.7766666666666666666666666667")


@pytest.mark.parametrize(
    ("changed", "grade", "refused"),
    [
        ({"IPKP": {"value": "3.1"}}, "belum", {"HPA"}),  # 13.5625 of 14, needed for WBK too
        ({"IPKP": {"value": "3.2"}}, "WBK", {"HPA"}),  # 14.00 = 3.20/4*17.5
        ({"IPKP": {"value": "3.6"}}, "WBBM", set()),  # 15.75
        ({"tahun-wbk": {"value": 1}}, "WBK", {None}),
        ({"sakip": {"value": 70}}, "WBK", {None}),  # must be above 70
        ({"sakip": {"value": 60}}, "belum", {None}),
        ({"sakip": {"value": 60}, "jalur": {"option": "afirmasi"}}, "WBBM", set()),
        ({"opini": {"option": "WDP"}}, "belum", {None}),
    ],
)
def test_minima_and_other_instruments_withhold_wbk_and_wbbm(
    changed: dict[str, object], grade: str, refused: set[str | None]
) -> None:
    card = _zona(**changed)

    assert card.grade is not None
    assert card.grade.code == grade
    assert {one.node for one in card.refused} == refused


def test_an_agency_of_the_centre_needs_a_higher_reform_index_for_wbk() -> None:
    best = {code: _best(ZI, indicator) for code, indicator in ZI.indicators.items()}
    answers = best | numbers(rb=55, **{"tahun-wbk": 0})

    city = score(ZI, answers, profile=CITY).grade
    ministry = score(ZI, answers, profile=Profile("ministry")).grade

    assert city is not None
    assert ministry is not None
    assert (city.code, ministry.code) == ("WBK", "belum")  # above 50, and above 60


def test_the_minimum_of_public_service_follows_the_rule_and_not_the_misprint() -> None:
    """The sheet's data say 1.50 of 5 for WBBM; three quarters are 3.75."""
    wbbm = ZI.grades[-1]
    (gate,) = [gate for gate in wbbm.gates if gate.node == "PPF"]

    assert ZI.minimum(gate, "PPF") == Decimal("3.75")


def test_the_questions_are_those_of_the_regulation() -> None:
    with (LIBRARY.parent / "tests" / "maturity" / "zona_integritas.csv").open() as rows:
        expected = {
            row["question"]: (row["answers"], row["sub_pillar"]) for row in csv.DictReader(rows)
        }

    found = {
        code: (
            str(len(ZI.options(indicator))) if indicator.choice else "ratio",
            ZI.parents[code].code,
        )
        for code, indicator in ZI.indicators.items()
        if code.startswith(("PP", "PR"))
    }
    assert found == expected


def test_the_merit_system_counts_100_to_400_points() -> None:
    """PermenPANRB 40/2018: level 1 to 4 times the weight; 40 + 40 + 120 + 40 + 80 + 40 + 16 + 24."""
    lowest = score(MERIT, {code: Answer(level=1) for code in MERIT.indicators})
    highest = score(MERIT, {code: Answer(level=4) for code in MERIT.indicators})

    assert [lowest.index, highest.index] == [Decimal(100), Decimal(400)]
    assert lowest.grade is not None
    assert lowest.grade.name.id == "Buruk"
    assert highest.nodes["karier"].index == 120


@pytest.mark.parametrize(
    ("total", "name"), [("271.5", "Baik"), ("255.5", "Baik"), ("329", "Sangat Baik")]
)
def test_published_totals_of_the_merit_system_fall_into_their_category(
    total: str, name: str
) -> None:
    """Kota Probolinggo 2021, Kabupaten Indramayu 2023, Kejaksaan 2023."""
    reached = [grade for grade in MERIT.grades if grade.bound <= Decimal(total)]

    assert reached[-1].name.id == name


def test_spip_weighs_components_and_elements() -> None:
    """Peraturan BPKP 5/2021: 0.40, 0.30 and 0.30; each of 11 control activities 25/11 per cent."""
    lowest = {code: Answer(level=1) for code in SPIP.indicators if SPIP.indicators[code].ladder}

    raised = score(SPIP, lowest | given(**{"3.1": {"level": 5}, "outcome": {"level": 3}}))

    # 1 + 4 * 0.25/11
    assert raised.nodes["structure"].index == Decimal("1.090909090909090909090909091")
    assert raised.nodes["achievement"].index == Decimal("1.4")  # 1 + 2*0.20
    # 1 + 0.30 * 4 * 0.25/11 + 0.30 * 0.40
    assert raised.index == Decimal("1.147272727272727272727272727")


def test_a_corruption_case_caps_spip_and_what_rests_on_it() -> None:
    full = {code: Answer(level=5) for code in SPIP.indicators if SPIP.indicators[code].ladder}
    full |= numbers(**{f"{index}-{n}": 5 for index in ("mri", "iepk") for n in (1, 2, 3)})

    clean = score(SPIP, full | given(perkara={"option": "tidak"}))
    case = score(SPIP, full | given(perkara={"option": "pelaksanaan"}))

    assert clean.index == 5
    assert clean.nodes["iepk"].index == 5
    assert case.nodes["1.1"].index == 2
    assert case.nodes["iepk"].index == 2  # follows down
    assert case.nodes["1.2"].index == 5
    assert case.index is not None
    assert case.index < 5


def test_the_professionalism_index_is_the_mean_over_persons() -> None:
    """PermenPANRB 38/2018: each person's points, then the mean over all."""
    units = {
        "kualifikasi": {"a": {"option": "S2", "weight": 3}, "b": {"option": "S1", "weight": 1}},
        "kompetensi": {"a": {"value": 40, "weight": 3}, "b": {"value": 20, "weight": 1}},
        "kinerja": {"a": {"value": 95, "weight": 3}, "b": {"value": 76, "weight": 1}},
        "disiplin": {"a": {"option": "tidak", "weight": 3}, "b": {"option": "sedang", "weight": 1}},
    }

    card = score(IP_ASN, given(**{code: {"units": each} for code, each in units.items()}))

    # three persons of 20 + 40 + 30 + 5 = 95, one of 15 + 20 + 25 + 2 = 62: (3*95 + 62) / 4
    assert card.index == Decimal("86.75")
    assert card.grade is not None
    assert card.grade.name.id == "Tinggi"


def _rb(kind: str, **changed: object) -> Card:
    asked = RB.for_kind(kind)
    full = {
        code: Answer(value=indicator.number.highest)
        for code, indicator in asked.indicators.items()
        if indicator.number is not None
    }
    answers = full | given(opini={"option": "WTP"}) | given(**changed)
    return score(RB, answers, profile=Profile(kind))


@pytest.mark.parametrize("kind", ["ministry", "body", "province", "regency", "city"])
def test_rb_counts_a_hundred_points_and_ten_on_top(kind: str) -> None:
    card = _rb(kind)

    assert card.nodes["general"].index == 100
    assert card.index == 110
    assert card.grade is not None
    assert card.grade.code == "AA"


def test_rb_rounds_each_line_and_multiplies_it() -> None:
    card = _rb("city", **{"rencana-aksi": {"value": 50}, "implementasi": {"value": "33.33"}})

    assert card.nodes["rencana-aksi"].index == Decimal("1.5")
    # 33.33/100*7 = 2.3331, rounded 2.33, times 1.5/3 = 1.165, rounded half up
    assert card.nodes["implementasi"].index == Decimal("1.17")


def test_rb_hands_the_points_of_what_does_not_apply_to_the_rest() -> None:
    card = _rb("city", arsip={"not_applicable": "No archive of its own."})

    assert card.nodes["general"].index == 100
