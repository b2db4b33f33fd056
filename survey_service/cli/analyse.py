"""`survey-service analyse`: a composite of figures in a file; or a country, by an engine beyond this machine."""

from __future__ import annotations

import re
from pathlib import Path

import click

from survey_service.cli import files

_ENGINE = re.compile(r"sc://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/.*)?")


@click.command()
@click.argument("file")
@click.option(
    "--structure",
    type=click.Path(path_type=Path),
    help="YAML: the tree of columns, and how they are combined; see questionnaires/README.md.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**53),
    help="Of the random draws; by default it follows from the two files.",
)
@click.option(
    "--draws", type=click.IntRange(1), help="1000 by default, or fewer of very many organisations."
)
@click.option(
    "--engine",
    metavar="sc://HOST:PORT",
    help="Spark Connect. FILE is then a questionnaire's folder of an export, as the engine finds it.",
)
@click.option("--cycle", type=click.IntRange(1), help="With --engine: its number, or the newest.")
@click.option("--since", type=click.IntRange(1), help="With --engine: an earlier one, for movers.")
@click.option(
    "--by", default="kind", show_default=True, help="With --engine: kind, or an attribute."
)
def analyse(
    file: str,
    structure: Path | None,
    seed: int | None,
    draws: int | None,
    engine: str | None,
    cycle: int | None,
    since: int | None,
    by: str,
    *,
    as_json: bool,
) -> None:
    """Print the composite of FILE, a CSV file of organisations, with ranks and how far they hold.

    Needs no database. Each line of FILE is an organisation, its first column the name unless the
    structure says otherwise; an empty cell is a value that is not there. Why a figure is not there
    is said on standard error. What each figure is, and by which convention, is told in
    questionnaires/README.md, section 12.

    With --engine, print what a whole country comes to, computed where its export lies; that needs
    the extra survey-service[spark]. Ranks as intervals are drawn by the service alone.
    """
    if engine is not None:
        if structure is not None:
            raise click.UsageError("--engine takes an export, which has its structure")
        _country(engine, (file, cycle or 0, since or 0, by), as_json=as_json)
        return
    if cycle or since:
        raise click.UsageError("--cycle and --since go with --engine")
    if structure is None:
        raise click.MissingParameter(param_hint="'--structure'", param_type="option")
    _composite(Path(file), structure, seed, draws, as_json=as_json)


def _composite(
    file: Path, structure: Path, seed: int | None, draws: int | None, *, as_json: bool
) -> None:
    from shutil import get_terminal_size

    import msgspec

    from survey_service.analysis.analyses import analysed, seed_of
    from survey_service.analysis.robustness import DRAWS, affordable
    from survey_service.library import documents, measurements, structures
    from survey_service.reports import analyses as reports

    said, content = (
        documents.content_of(structure),
        documents.content_of(file, measurements.LARGEST),
    )
    made = structures.load(documents.read(said, str(structure)))
    given = measurements.read(content, str(file), list(made.columns), made.unit, made.above)
    most = affordable(len(given.units), draws or DRAWS)
    if draws is not None and most < draws:
        raise click.BadParameter(f"<= {most}", param_hint="--draws")
    found = analysed(made, given.values, seed_of(content, said) if seed is None else seed, most)
    language = files.settings().language
    if as_json:
        click.echo(msgspec.json.encode(reports.told(given.units, found)))
    else:
        width = get_terminal_size((100, 24)).columns
        for line in reports.lines(given.units, found, language, width):
            click.echo(line)
    for line in reports.reasons(given.units, given.unused, found, language):
        click.echo(line, err=True)


def _country(engine: str, asked: tuple[str, int, int, str], *, as_json: bool) -> None:
    import msgspec

    from survey_service.outside.engine import Question, ask
    from survey_service.reports import engine_figures

    if not _ENGINE.fullmatch(engine):
        raise click.BadParameter("sc://HOST:PORT", param_hint="--engine")
    question = Question(*asked)
    found = ask(engine, question)
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        for line in engine_figures.lines(found, question.by, files.settings().language):
            click.echo(line)
