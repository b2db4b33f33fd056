"""`survey-service score`: what responses in a file are worth, one organisation's or many."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from survey_service.conduct.life import Stage
    from survey_service.conduct.responses import Responses
    from survey_service.library.responses import Refused
    from survey_service.maturity.answers import Answer
    from survey_service.maturity.instrument import Questionnaire
    from survey_service.maturity.population import Population
    from survey_service.maturity.scoring import Card

STAGES = ("self", "internal", "external", "final")  # those of conduct.life, imported later
TOGETHER = 2000  # lines scored at once; more gain nothing and take memory


@click.command()
@click.argument("questionnaire_")
@click.argument("responses_", type=click.Path(path_type=Path))
@click.option(
    "--stage",
    type=click.Choice(STAGES),
    default="self",
    show_default=True,
    help="Whose answers count; `final` counts what is unanswered as the lowest.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def score(questionnaire_: str, responses_: Path, stage: Stage, *, as_json: bool) -> None:
    """Print what RESPONSES to QUESTIONNAIRE are worth; needs no database.

    RESPONSES is YAML or JSON of one organisation, or JSON Lines with one on each line.
    """
    from survey_service.library import responses as library

    if library.has_lines(responses_):
        _score_lines(questionnaire_, responses_, stage, as_json=as_json)
        return
    instrument, _, given = files.load(questionnaire_, responses_)
    _score_one(instrument, given, stage, as_json=as_json)


def _score_one(instrument: Questionnaire, given: Responses, stage: Stage, *, as_json: bool) -> None:
    import msgspec

    from survey_service.reports.scores import alone, scored

    language = files.settings().language
    present = [
        each for each in STAGES[: STAGES.index(stage)] if each == "self" or each in given.stages
    ]
    cards = {each: _card(instrument, given, each) for each in (*present, stage)}
    asked = instrument.for_kind(given.organisation.kind)
    found = scored(asked, cards[stage], language)
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        reasons = [one.reason for one in found.refused]
        _print(asked, cards if given.stages else {stage: cards[stage]}, reasons, language)
    if said := alone(asked, cards[stage], language):
        click.echo(said, err=True)


def _card(instrument: Questionnaire, given: Responses, stage: str) -> Card:
    from survey_service.maturity import scoring

    official, profile = stage == "final", given.organisation.profile
    return scoring.score(instrument, given.at(stage), official=official, profile=profile)  # type: ignore[arg-type] # one of STAGES


def _print(
    instrument: Questionnaire, cards: dict[str, Card], reasons: list[str], language: str
) -> None:
    """Print the indices of each stage beside one another, the last one with its grade."""
    from survey_service.reports.indices import index

    card = list(cards.values())[-1]
    grade = card.grade.name.in_(language) if card.grade else "–"  # noqa: RUF001
    click.echo(f"{instrument.reference}  {index(card.index, instrument, language)}  {grade}")
    click.echo(f"{card.answered}/{card.total}")
    if len(cards) > 1:
        click.echo("  " + " " * 64 + "".join(f" {stage:>9}" for stage in cards))
        whole = "".join(f" {index(each.index, instrument, language):>9}" for each in cards.values())
        click.echo(f"  {instrument.name.in_(language):64}{whole}")
    for code, node in instrument.all_nodes.items():
        name = "  " * instrument.depths[code] + f"{code} {node.name.in_(language)}"
        found = (each.nodes[code].index for each in cards.values())
        indices = (index(one, instrument, language, code) for one in found)
        click.echo(f"  {name:64}" + "".join(f" {each:>9}" for each in indices))
    for adjusted in card.adjusted:
        both = adjusted.before, adjusted.after
        before, after = (index(one, instrument, language, adjusted.code) for one in both)
        reason = adjusted.adjustment.reason.in_(language)
        click.echo(f"~ {adjusted.code} {before} → {after}: {reason}")
    for reason in reasons:
        click.echo(f"! {reason}")


def _score_lines(reference: str, path: Path, stage: Stage, *, as_json: bool) -> None:
    """Print a line for each organisation; lines that cannot be used are told on standard error."""
    instrument, _ = files.load_questionnaire(reference)
    population = _population(instrument, path, stage)
    refused = 0
    for good, bad in _batches(instrument, path):
        refused += len(bad)
        for one in bad:
            files.complain(one.error)
        _print_lines(instrument, good, stage, population, as_json=as_json)
    if refused:
        raise SystemExit(1)


def _batches(
    instrument: Questionnaire, path: Path
) -> Iterator[tuple[list[Responses], list[Refused]]]:
    """Yield the responses of many lines at once, and those lines that were refused."""
    from survey_service.library.responses import Refused, lines

    waiting = lines(path, instrument)
    while several := list(islice(waiting, TOGETHER)):
        bad = [one for one in several if isinstance(one, Refused)]
        yield [one for one in several if not isinstance(one, Refused)], bad


def _population(instrument: Questionnaire, path: Path, stage: Stage) -> Population:
    """Return what numbers are measured against: all lines of the file, where anything is.

    Raises:
        RefusedRowsError: Some of them were refused, so that no result would be final.
    """
    from survey_service.errors import RefusedRowsError
    from survey_service.maturity.population import is_measured, population_of

    if not is_measured(instrument):
        return {}
    refused: list[Refused] = []

    def usable() -> Iterator[Mapping[str, Answer]]:
        for good, bad in _batches(instrument, path):
            refused.extend(bad)
            yield from (one.at(stage) for one in good)

    population = population_of(instrument, usable())
    for one in refused:
        files.complain(one.error)
    if refused:
        raise RefusedRowsError(file=str(path), count=len(refused))
    return population


def _print_lines(
    instrument: Questionnaire,
    good: list[Responses],
    stage: Stage,
    population: Population,
    *,
    as_json: bool,
) -> None:
    import msgspec

    from survey_service.maturity.scoring_many import score_many
    from survey_service.reports.indices import index
    from survey_service.reports.scores import scored_line

    language = files.settings().language
    cards = score_many(
        instrument,
        [one.at(stage) for one in good],
        official=stage == "final",
        profiles=[one.organisation.profile for one in good],
        population=population,
    )
    written: list[bytes] = []
    for one, card in zip(good, cards, strict=True):
        name = one.organisation.name
        if as_json:
            asked = instrument.for_kind(one.organisation.kind)
            written.append(msgspec.json.encode(scored_line(asked, card, name, language)))
        else:
            grade = card.grade.name.in_(language) if card.grade else "–"  # noqa: RUF001
            written.append(
                f"{name:48} {index(card.index, instrument, language):>9}  {grade}".encode()
            )
    if written:
        click.echo(b"\n".join(written))
