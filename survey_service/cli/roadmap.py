"""`survey-service roadmap`: which answers to raise, at the least effort, to reach a grade."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli import files

if TYPE_CHECKING:
    from survey_service.maturity.budget import Budget
    from survey_service.maturity.instrument import Questionnaire
    from survey_service.maturity.schedule import Schedule
    from survey_service.reports.roadmap import Roadmap


def _budget(
    _context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> Budget | None:
    """Return the budget that `N` and `ACTOR=N` say together; None where nothing is said."""
    from survey_service.maturity.budget import Budget

    each, actors = None, {}
    for one in given:
        who, _, number = one.rpartition("=")
        if not number.isdecimal() or (not who and "=" in one):
            raise click.BadParameter(f"'{one}': N or ACTOR=N", param=parameter)
        if who:
            actors[who] = int(number)
        else:
            each = int(number)
    if not given:
        return None
    return Budget(Budget.UNLIMITED if each is None else each, actors)


@click.command()
@click.argument("questionnaire_")
@click.argument("responses_", type=click.Path(path_type=Path))
@click.option("--target", required=True, metavar="GRADE", help="A grade's code, or an index.")
@click.option("--years", type=click.IntRange(1, 20), default=1, show_default=True)
@click.option(
    "--budget",
    multiple=True,
    callback=_budget,
    metavar="N|ACTOR=N",
    help="The effort that each actor, or one of them, can spend in a year.",
)
@click.option(
    "--wishes",
    "wishes_",
    type=click.Path(path_type=Path),
    help="YAML or JSON: fixed, excluded, targets, efforts, needs.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def roadmap(
    questionnaire_: str,
    responses_: Path,
    target: str,
    years: int,
    budget: Budget | None,
    wishes_: Path | None,
    *,
    as_json: bool,
) -> None:
    """Print the way from RESPONSES to a grade of QUESTIONNAIRE; needs no database.

    Every plan is scored before it is shown. What is unanswered counts as the lowest answer.
    """
    import msgspec

    from survey_service.library import documents
    from survey_service.maturity.better_answers import Wishes
    from survey_service.maturity.schedule import planned
    from survey_service.reports import roadmap as reports

    instrument, _, given = files.load(questionnaire_, responses_)
    wishes = Wishes() if wishes_ is None else documents.read_file(wishes_).decode(Wishes)
    profile = given.organisation.profile
    found = planned(instrument, given.at("final"), target, wishes, profile, years, budget)
    asked, language = instrument.for_kind(profile.kind), files.settings().language
    shown = reports.roadmap(asked, found, language)
    if as_json:
        click.echo(msgspec.json.encode(shown))
    else:
        _print(asked, found, shown, language)


def _print(questionnaire: Questionnaire, found: Schedule, shown: Roadmap, language: str) -> None:
    """Print the steps, year by year, and what blocks."""
    from survey_service.i18n import translate
    from survey_service.reports.answers import said
    from survey_service.reports.indices import index
    from survey_service.reports.roadmap import actor, target_name

    name = target_name(questionnaire, found.plan, language)
    reached_index = index(shown.index, questionnaire, language)
    reached = translate("{target} is reached", language, target=name)
    missed = translate("{target} cannot be reached like this", language, target=name)
    effort = translate("effort {effort}", language, effort=str(shown.effort))
    click.echo(
        f"{questionnaire.reference}  {reached_index}  {reached if shown.reached else missed}  {effort}"
    )
    for step in sorted(shown.steps, key=lambda step: step.year):
        indicator = questionnaire.indicators[step.indicator]
        before, after = (
            said(questionnaire, indicator, one, language).mark for one in (step.before, step.after)
        )
        who = actor(questionnaire, step.who, language)
        words = f"{step.indicator} {indicator.name.in_(language)}"
        click.echo(f"  {step.year}  {words:64} {before} → {after}  {step.effort}  {who}")
    for block in shown.blocked:
        click.echo(f"! {block.reason}")
    if not shown.proven:
        click.echo(
            translate("Another plan may take less effort: not all could be tried.", language)
        )
