"""`survey-service analyse`: a composite indicator of figures in a file, and how far it can be believed."""

from __future__ import annotations

from pathlib import Path

import click

from survey_service.cli import files


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--structure",
    required=True,
    type=click.Path(path_type=Path),
    help="YAML: the tree of columns, and how they are combined; see questionnaires/README.md.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**53),
    help="Of the random draws; by default it follows from the two files.",
)
@click.option("--draws", type=click.IntRange(1), default=1000, show_default=True)
def analyse(file: Path, structure: Path, seed: int | None, draws: int, *, as_json: bool) -> None:
    """Print the composite of FILE, a CSV file of organisations, with ranks and how far they hold.

    Needs no database. Each line of FILE is an organisation, its first column the name unless the
    structure says otherwise; an empty cell is a value that is not there. Why a figure is not there
    is said on standard error.
    """
    import msgspec

    from survey_service.analysis.analyses import analysed, seed_of
    from survey_service.analysis.robustness import affordable
    from survey_service.library import documents, measurements, structures
    from survey_service.reports import analyses as reports

    made = structures.load(documents.read_file(structure))
    given = measurements.read(file, list(made.columns), made.unit)
    if (most := affordable(len(given.units), draws)) < draws:
        raise click.BadParameter(f"<= {most}", param_hint="--draws")
    if seed is None:
        seed = seed_of(file.read_bytes(), structure.read_bytes())
    found = analysed(made, given.values, seed, draws)
    language = files.settings().language
    if as_json:
        click.echo(msgspec.json.encode(reports.told(given.units, found)))
    else:
        for line in reports.lines(given.units, found, language):
            click.echo(line)
    for line in reports.reasons(given.units, given.unused, found, language):
        click.echo(line, err=True)
