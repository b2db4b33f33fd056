"""A composite of figures in a file, from the command line, with no database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from survey_service.analysis import robustness
from survey_service.cli import main
from survey_service.library import measurements


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)


def run(figures: str | bytes, structure: str, *options: str) -> Result:
    content = figures.encode() if isinstance(figures, str) else figures
    Path("figures.csv").write_bytes(content)
    Path("structure.yaml").write_text(structure)
    arguments = ["analyse", "figures.csv", "--structure", "structure.yaml", *options]
    return CliRunner().invoke(main, arguments)


def found(figures: str, structure: str, *options: str) -> dict[str, Any]:
    result = run(figures, structure, "--json", "--draws", "100", *options)
    assert result.exit_code == 0, result.stderr
    read: dict[str, Any] = json.loads(result.stdout)
    return read


# OECD, 2023 OECD Digital Government Index (OECD Public Governance Policy Papers 44): six dimensions and
# the index as published, to three digits; 38 countries and the mean of the OECD.
DIGITAL = """country design data platform open user proactive index
KOR 0.971 1 0.913 0.882 0.909 0.934 0.935
DNK 0.851 0.833 0.896 0.783 0.715 0.788 0.811
GBR 0.914 0.598 0.696 0.667 0.925 0.853 0.775
NOR 0.758 0.851 0.818 0.588 0.853 0.75 0.77
AUS 0.973 0.774 0.738 0.466 0.833 0.736 0.753
EST 0.692 0.949 0.705 0.623 0.614 0.869 0.742
COL 0.814 0.794 0.654 0.731 0.775 0.647 0.736
IRL 0.844 0.861 0.632 0.56 0.684 0.701 0.714
FRA 0.677 0.816 0.577 0.761 0.595 0.561 0.665
CAN 0.829 0.64 0.436 0.727 0.749 0.547 0.655
PRT 0.77 0.555 0.593 0.493 0.809 0.618 0.64
FIN 0.721 0.679 0.676 0.428 0.667 0.663 0.639
ISL 0.676 0.597 0.659 0.503 0.668 0.713 0.636
LTU 0.59 0.753 0.651 0.561 0.619 0.477 0.608
ESP 0.697 0.529 0.616 0.647 0.508 0.598 0.599
LVA 0.685 0.654 0.678 0.629 0.551 0.385 0.597
CZE 0.613 0.679 0.631 0.642 0.571 0.421 0.593
TUR 0.689 0.554 0.607 0.235 0.669 0.76 0.586
ITA 0.684 0.534 0.59 0.549 0.65 0.461 0.578
POL 0.627 0.598 0.667 0.502 0.615 0.415 0.571
LUX 0.672 0.476 0.675 0.411 0.534 0.637 0.567
NLD 0.679 0.513 0.579 0.521 0.442 0.639 0.562
AUT 0.766 0.38 0.773 0.416 0.483 0.465 0.547
BEL 0.652 0.543 0.664 0.347 0.58 0.448 0.539
MEX 0.658 0.473 0.638 0.466 0.479 0.501 0.536
SWE 0.486 0.746 0.489 0.512 0.436 0.478 0.525
NZL 0.588 0.549 0.437 0.297 0.519 0.61 0.5
SVN 0.559 0.489 0.621 0.465 0.328 0.527 0.498
ISR 0.536 0.472 0.573 0.542 0.669 0.179 0.495
HUN 0.593 0.677 0.413 0.456 0.432 0.374 0.491
JPN 0.609 0.525 0.505 0.389 0.44 0.431 0.483
CHL 0.407 0.469 0.374 0.25 0.383 0.504 0.398
CRI 0.283 0.317 0.118 0.288 0.321 0.019 0.224
PER 0.78 0.79 0.53 0.512 0.814 0.292 0.62
BRA 0.622 0.628 0.645 0.522 0.639 0.658 0.619
ARG 0.573 0.443 0.404 0.323 0.45 0.309 0.417
HRV 0.496 0.535 0.403 0.38 0.269 0.063 0.358
ROU 0.42 0.28 0.146 0.243 0.038 0.063 0.198
OECD 0.684 0.633 0.615 0.525 0.607 0.567 0.605
"""

# Becker, Saisana and others, The ASEM Sustainable Connectivity Index (JRC 2018): the pillars of some
# countries, and what the 51 countries come to, as reckoned by the authors' own package for R.
PILLARS = """
nodes:
  - {code: Conn, weight: 1, indicators: [{code: Physical, weight: 2}, {code: ConEcFin, weight: 3}, {code: Political, weight: 1}, {code: Instit, weight: 2}, {code: P2P, weight: 3}]}
  - {code: Sust, weight: 2, indicators: [{code: Environ, weight: 1}, {code: Social, weight: 2}, {code: SusEcFin, weight: 3}]}
"""
EVENLY = """
nodes:
  - {code: Conn, indicators: [Physical, ConEcFin, Political, Instit, P2P]}
  - {code: Sust, indicators: [Environ, Social, SusEcFin]}
"""
ASEM = {
    "arithmetic": (EVENLY, """
AUS,35.281657447,25.528713442,52.527346287,57.178901606,37.073617726,35.197448696,70.918918319,56.859037807,47.921591121
KOR,52.340641441,26.945191634,72.138911623,77.956468206,16.607402338,46.258260106,57.324713756,70.60828063,53.630737273
"""),
    "geometric": (EVENLY + "combine: geometric", """
AUS,12.1652592,23.979226287,50.68751829,32.112775572,27.119841215,18.096283001,65.642251084,48.248886568,31.917260749
BRN,8.463444537,1.346472107,11.603179135,36.959520287,2.174483041,11.72754771,14.042386411,38.521566676,10.873409172
"""),
    "geometric with weights": (PILLARS + "combine: geometric", """
IDN,12.443304132,13.012031199,46.893496133,65.169894084,3.86105306,77.766727459,28.362410335,20.137868559,22.344668993
KOR,23.55151459,28.291412797,65.443206912,67.940065611,16.820509454,38.874699561,49.07976149,73.087075237,46.375786015
"""),
    "harmonic": (EVENLY + "combine: harmonic", """
AUS,3.084659928,22.232330311,48.633193484,5.527098204,19.266495251,4.422797499,56.121049508,36.556787421,9.305085998
IDN,4.417911471,8.774927516,42.772499684,65.521536501,2.860403017,73.775448183,15.091162546,4.719665636,8.232360328
"""),
    "mixed by tier": (EVENLY + "combine: [geometric, geometric]", """
AUS,35.928840872,26.273426308,53.002072824,57.60711259,37.702881549,35.845474209,71.209729136,57.290447429,46.179900074
BRN,23.782909605,1.517326451,19.552052642,68.649178719,6.035432407,38.555943207,27.430486161,56.621334456,22.019400992
"""),
    "at least 7 of 10": (EVENLY + "present_at_least: 0.7", """
BRN,23.782909605,1.517326451,19.552052642,68.649178719,6.035432407,38.555943207,,,
KOR,52.817235027,27.675739717,72.417522506,78.176903524,17.441328315,46.795677505,57.751466619,70.902197824,54.0944299
"""),
}  # fmt: skip
NAMES = "unit,Physical,ConEcFin,Political,Instit,P2P,Environ,Social,SusEcFin,published"

# The pillar "Institutional" from what was measured: the countries at the ends of each column, and some.
MEASURED = """unit,CostImpEx,Tariff,TBTs,TIRcon,RTAs,Visa
AUT,0,1.6,1144,1,30,80
NLD,0,1.6,1754,1,30,80
CHE,150,0,300,1,33,80
IDN,303.2,2.64,118,1,17,59
KOR,38,7.68,839,1,46,85
MNG,147,,7,1,1,21
MMR,350,,2,0,17,17
BGD,595,10.53,,0,12,45
LAO,350,1.65,1,0,16,61
PAK,992,9.99,112,1,11,1
SGP,77,0,57,0,19,92
"""
INSTITUTIONAL = """
normalise: min-max
combine: {rule}
indicators:
  - {{code: CostImpEx, weight: {w[0]}, inverted: true}}
  - {{code: Tariff, weight: {w[1]}, inverted: true}}
  - {{code: TBTs, weight: {w[2]}, inverted: true}}
  - {{code: TIRcon, weight: {w[3]}}}
  - {{code: RTAs, weight: {w[4]}}}
  - {{code: Visa, weight: {w[5]}}}
"""


POPULATION = """
code: tiny
version: "1"
name: {id: Kecil, en: Tiny}
scale: {lowest: 0, highest: 100}
nodes:
  - code: all
    name: {id: Semua, en: All}
    indicators:
      - {code: size, name: {id: Besar, en: Size}, number: {over: population}}
      - {code: speed, name: {id: Cepat, en: Speed}, number: {over: population, inverted: true}}
"""


def test_analyse_prints_the_contract() -> None:
    read = found("name,a,b\nX,1,2\nY,2,1\nZ,3,3\n", "indicators: [a, b]")

    assert list(read) == [
        "composite", "ranks", "bands", "correlations", "alpha", "effective_weights", "seed",
    ]  # fmt: skip
    assert read["composite"] == {"X": "1.5", "Y": "1.5", "Z": "3"}
    assert read["ranks"] == {"X": 2, "Y": 2, "Z": 1}
    assert read["bands"]["Z"] == [1, 1, 1]
    assert read["correlations"]["a"]["b"] == pytest.approx(0.5)
    assert set(read["alpha"]) == {"index"}
    assert sum(read["effective_weights"].values()) == pytest.approx(1)


def test_the_digital_government_index_is_what_the_oecd_published() -> None:
    rows = [line.split() for line in DIGITAL.splitlines()]
    figures = "\n".join(",".join(row[:-1]) for row in rows)

    read = found(figures, "indicators: [design, data, platform, open, user, proactive]")

    published = {row[0]: float(row[-1]) for row in rows[1:]}
    assert {unit: float(value) for unit, value in read["composite"].items()} == pytest.approx(
        published, abs=0.00101
    )
    assert len(published) == 39
    assert round(read["alpha"]["index"], 2) == 0.92
    of = read["correlations"]
    assert round(of["design"]["user"], 2) == 0.82
    assert round(of["open"]["proactive"], 2) == 0.48
    assert all(value > 0 for row in of.values() for value in row.values())


@pytest.mark.parametrize("way", ASEM)
def test_the_connectivity_index_is_what_its_authors_reckon(way: str) -> None:
    structure, rows = ASEM[way]

    read = found(NAMES + rows, structure)

    for row in rows.split():
        unit, *_, published = row.split(",")
        value = read["composite"][unit]
        assert (value is None) == (not published)
        assert value is None or float(value) == pytest.approx(float(published), abs=1e-7)


@pytest.mark.parametrize(
    ("rule", "weights", "published"),
    [
        ("arithmetic", "111111", {"AUT": 78.476739902, "MMR": 43.559734002, "SGP": 71.507229925}),
        ("geometric", "111111", {"AUT": 74.405513627, "MMR": 21.250259885, "SGP": 39.201919435}),
        ("geometric", "231231", {"AUT": 78.090549874, "MMR": 19.288188347, "SGP": 36.462594401}),
        ("harmonic", "111111", {"AUT": 69.034258108, "MMR": 4.515381081, "SGP": 5.629629266}),
    ],
)
def test_measures_with_gaps_are_brought_to_a_scale_and_combined(
    rule: str, weights: str, published: dict[str, float]
) -> None:
    read = found(MEASURED, INSTITUTIONAL.format(rule=rule, w=weights))

    for unit, value in published.items():
        assert float(read["composite"][unit]) == pytest.approx(value, abs=1e-7)


def test_a_questionnaire_can_stand_for_its_structure() -> None:
    """Values over the population, as `score` measures them."""
    figures = "agency,size,speed\nX,10,5\nY,20,1\nZ,40,3\n"

    read = found(figures, POPULATION)

    assert read["composite"] == {"X": "0", "Y": "66.6666666667", "Z": "75"}  # (33.3 + 100) / 2
    assert set(read["alpha"]) == {"all", "index"}


@pytest.mark.parametrize(
    "more",
    [
        "combine: minimum",
        "adjustments: [{node: all, at_most: 1, when: 'true', reason: {id: a, en: a}}]",
    ],
)
def test_a_questionnaire_that_does_more_than_means_is_no_structure(more: str) -> None:
    result = run("agency,size,speed\nX,10,5\n", POPULATION + more)

    assert result.exit_code == 1


def test_what_people_read_has_the_ranking_the_seed_and_the_negative_correlations() -> None:
    result = run("name,a,b,c\nX,1,3,1\nY,2,2,\nZ,3,1,9\n", "indicators: [a, b]", "--seed", "5")

    assert result.exit_code == 0
    assert "Seed 5, 1,000 draws: the same seed gives the same figures." in result.stdout
    assert "Against one another, though parts of the same\n  a  b  -1.000" in result.stdout
    assert "Not used, because the structure does not name them: c" in result.stderr


def test_a_narrow_window_gets_long_names_in_several_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "Ministry of Administrative and Bureaucratic Reform of the Republic"
    figures = f"name,{long},b\n{long},1,3\nY,2,2\nZ,3,9\n"
    structure = f"nodes: [{{code: A, indicators: [{long}, b]}}, {{code: C, indicators: [c]}}]"
    figures = figures.replace(",b\n", ",b,c\n").replace(",3\n", ",3,4\n").replace("2\n", "2,4\n")
    figures = figures.replace(",9\n", ",9,4\n")
    for columns in ("60", "160"):
        monkeypatch.setenv("COLUMNS", columns)

        printed = run(figures, structure).stdout

        assert max(map(len, printed.splitlines())) <= int(columns)
        assert (long in printed) == (columns == "160")


def test_two_organisations_have_no_correlation() -> None:
    """Through two points goes a line, whatever they are."""
    result = run("name,a,b,c\nX,1,3,\nY,2,2,1\nZ,3,1,2\n", "indicators: [a, b, c]", "--json")

    of = json.loads(result.stdout)["correlations"]
    assert of["a"]["b"] == pytest.approx(-1)
    assert of["a"]["c"] is of["c"]["c"] is None
    assert (
        "they take three organisations that have both values and differ: a, b, c" in result.stderr
    )
    assert "Told nobody apart" not in result.stderr


def test_the_seed_follows_from_the_files_and_tells_the_figures() -> None:
    figures = "name,a,b\n" + "\n".join(f"U{n},{n * 7 % 10},{n * 3 % 10}" for n in range(10))

    first, second = (found(figures, "indicators: [a, b]") for _ in range(2))
    again = found(figures, "indicators: [a, b]", "--seed", str(first["seed"]))

    assert first == second == again
    assert found(figures + "\n", "indicators: [a, b]")["seed"] != first["seed"]


def test_the_column_of_names_may_stand_anywhere_and_commas_be_decimal() -> None:
    read = found("a;agency;b\n1,5;X;2\n3;Y;4\n", "{unit: agency, indicators: [a, b]}")

    assert read["composite"] == {"X": "1.75", "Y": "3.5"}


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ("", "figures.csv:1: -: the file is empty"),
        (" , ,\n", "figures.csv:1: -: the file is empty"),
        ("name,a,b\n", "there is no organisation below the names of the columns"),
        (
            "name,a\nX,1\n",
            "figures.csv:1: b: there is no column of this name; the file has name, a",
        ),
        ("name,a,b,a\nX,1,2,3\n", "figures.csv:1: a: two columns have this name"),
        (
            "name,a,b\nX,1,2,3\n",
            "figures.csv:2: -: this line has more cells than there are columns",
        ),
        ("name,a,b\nX,1,2\nX,2,3\n", "figures.csv:3: name: X is there twice"),
        ("name,a,b\n,1,2\n", "figures.csv:2: name: the organisation has no name"),
        ("name,a,b\nX,1,NaN\n", "figures.csv:2: b: NaN is not a number"),
        ("name,a,b\nX,inf,1\n", "figures.csv:2: a: inf is not a number"),
        ("name,a,b\nX,1e999,1\n", "figures.csv:2: a: 1e999 is not a number"),
        ("name,a,b\nX,1e200,1\n", "figures.csv:2: a: 1e200 is not a number"),
        ("name,a,b\nX,five,1\n", "figures.csv:2: a: five is not a number"),
        ('name,a,b\nX,"1"2,1\n', "figures.csv:2: -: not valid CSV"),
        ('name,a,b\nX,1,2\n"Y,1,2\nZ,1,2\n', "figures.csv:3: -: a quotation mark opens in this"),
        ("name,a,b\ncaf\u00e9,1,2\ncafe\u0301,2,3\n", "figures.csv:3: name: caf\u00e9 is there"),
        ("name,a,b\nX,45%,1\n", "figures.csv:2: a: 45% is not a number: write 1234.5, without"),
        ('name,a,b\nX,"1,234",1\n', "figures.csv:2: a: 1,234 is not a number"),
        ("name;a;b\nX;1,234,567;1\n", "figures.csv:2: a: 1,234,567 is not a number"),
        (
            "name;a;b\nX;1,5;\nY;;1.234\n",
            "figures.csv:3: b: 1.234 has another decimal sign than 1,5 on line 2",
        ),
        ("PK\x03\x04", "figures.csv:1: -: this is a workbook: save its sheet as “CSV UTF-8”"),
        (
            "name,b,c,d,e,f,g,h,i,j,k,l,m,n\nX\n",
            "the file has name, b, c, d, e, f, g, h, i, j, k, l, …",
        ),
    ],
)
def test_figures_that_cannot_be_used_are_refused_in_a_sentence(figures: str, said: str) -> None:
    result = run(figures, "indicators: [a, b]")

    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "figures",
    [
        b"\xef\xbb\xbfname,a,b\r\nX,1.5,2\r\n\r\nY,n/a,4\r\n",
        "\ufeffname;a;b\nX;1,5;2\nY;..;4\n".encode("utf-16"),
        b"name\ta\tb\nX\t1.5\t2\nY\t\t4\n",
        b"name|a|b\nX|1.5|2\nY|#N/A|4",
        b"name,a,b\rX,1.5,2\rY,-,4\r",
        "name;a;b\nX;\N{MINUS SIGN}1,5;5\nY;;4,0\n".encode(),
        b'"name","a","b"\n"X\n","1.5"," 2 "\n"Y","n.a.","4.0"\n',
        b'"name, of agency, or unit; all";a;b\nX;1.5;2\nY\t;;4\n',
        b"sep=;\r\nname;a;b\r\nX;1,5;2\r\nY;;4\r\n",
        b'more;"\n a";b;name\n"1,2,3";1.5;2;X\nx;;4;Y\n',
    ],
)  # fmt: skip
def test_spreadsheets_save_the_same_in_many_ways(figures: bytes) -> None:
    unit = ", unit: name" if b"more" in figures else ""

    result = run(figures, "{indicators: [a, b]" + unit + "}", "--json", "--draws", "10")

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["composite"] == {"X": "1.75", "Y": "4"}


def test_letters_may_be_composed_in_either_way() -> None:
    read = found("name,p\u00e9s,b\nX,1,2\nY,2,3\n", "indicators: [pe\u0301s, b]")

    assert read["composite"] == {"X": "1.5", "Y": "2.5"}


def test_what_has_no_logarithm_is_refused_unless_an_end_brings_it_above() -> None:
    figures = "name,income\nX,0\nY,10\nZ,1000\nN,\n"
    bare = "indicators: [{code: income, transform: log}]"
    ends = "indicators: [{code: income, transform: log, lowest: 1, normalise: min-max}]"

    refused = run(figures, bare)

    assert refused.exit_code == 1
    assert "figures.csv:2: income: 0 is not above 0 and so has no logarithm" in refused.stderr
    index = {"X": "0", "Y": "33.3333333333", "Z": "100", "N": None}
    assert found(figures, ends)["composite"] == index
    assert found(figures.replace("0\n", "1\n", 1), bare)["composite"]["N"] is None


def test_a_million_columns_are_refused_at_once() -> None:
    result = run("name," + ",".join(map(str, range(10**6))), "indicators: [a, b]")

    assert result.exit_code == 1
    assert "1000001 columns, and no more than 1000 can be analysed" in result.stderr


@pytest.mark.parametrize(
    ("structure", "said"),
    [
        (
            "indicators: [a]\nnodes: []\nweights: 3",
            "structure.yaml:3: weights: this key is not known",
        ),
        ("indicators: []", "either nodes or indicators must be here"),
        (
            "combine: median\nindicators: [a]",
            "structure.yaml:1: combine: 'median' is not one of arithmetic, geometric, harmonic",
        ),
        (
            "combine:\n  - geometric\n  - mean\nindicators: [a]",
            "structure.yaml:3: combine[1]: 'mean' is not one of arithmetic, geometric, harmonic",
        ),
        (
            "indicators:\n  - {code: a, nomalise: rank}",
            "structure.yaml:2: indicators[0].nomalise: this key is not known",
        ),
        ("combine: {a: 1}\nindicators: [a]", "structure.yaml:1: combine: expected"),
        (
            "indicators:\n  - {code: a, weight: 1}\n  - b",
            "give a weight to all of them, or to none",
        ),
        ("indicators:\n  - a\n  - a", "structure.yaml:3: indicators[1]: a is there twice"),
        (
            "indicators:\n  - {code: a, weight: heavy}",
            "structure.yaml:2: indicators[0].weight: a number must be here, such as 2 or 0.5",
        ),
        (
            "present_at_least: 7\nindicators: [a]",
            "structure.yaml:1: present_at_least: expected 0 - 1",
        ),
    ],
)
def test_structures_that_cannot_be_are_refused_with_their_line(structure: str, said: str) -> None:
    result = run("name,a,b\nX,1,2\n", structure)

    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    ("figures", "whys"),
    [
        ("name,a,b\nX,1,2\n", ["No alpha", "No effective weight", "Without some correlations"]),
        ("name,a,b\nX,1,2\nY,1,2\n", ["Told nobody apart", "No alpha: ", "No effective weight"]),
        ("name,a,b\nX,,\nY,,\n", ["Told nobody apart", "No composite: too little of it is there: X, Y"]),
        ("name,a,b\nX,1,\nY,2,\nZ,4,\n", ["Told nobody apart: all organisations have the same value, or none: b"]),
    ],
)  # fmt: skip
def test_what_would_mean_nothing_is_none_and_why_is_said(figures: str, whys: list[str]) -> None:
    for normalise in ("none", "min-max", "z-score"):
        structure = f"{{normalise: {normalise}, indicators: [a, b]}}"

        result = run(figures, structure, "--json", "--draws", "10")

        assert result.exit_code == 0, result.stderr
        assert "NaN" not in result.stdout
        assert json.loads(result.stdout)["alpha"] == {"index": None}
        assert all(why in result.stderr for why in whys)
        assert run(figures, structure, "--draws", "10").exit_code == 0


def test_more_draws_than_memory_holds_are_refused() -> None:
    result = run("name,a\nX,1\nY,2\n", "indicators: [a]", "--draws", "50000000")

    assert result.exit_code == 2
    assert "<= 25000000" in result.stderr


def test_files_that_are_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measurements, "ROWS", 2)
    assert "more than 2 organisations" in run("name,a\nX,1\n\nY,2\n", "indicators: [a]").stderr

    monkeypatch.setattr(measurements, "LARGEST", 10)
    assert "larger than 10 bytes" in run("name,a\nX,1\n", "indicators: [a]").stderr


def test_very_many_organisations_are_drawn_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robustness, "MOST", 20)

    result = run("name,a\nX,1\nY,2\n", "indicators: [a]")

    assert "10 draws" in result.stdout


def test_a_line_without_anything_is_no_organisation() -> None:
    assert found("name,a\nX,1\n,\nY,2\n", "indicators: [a]")["ranks"] == {"X": 2, "Y": 1}


def test_files_that_are_not_there_are_said() -> None:
    Path("structure.yaml").write_text("indicators: [a]")

    result = CliRunner().invoke(main, ["analyse", "no.csv", "--structure", "structure.yaml"])

    assert result.exit_code == 1
    assert "no.csv" in result.stderr
