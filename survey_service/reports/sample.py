"""A made-up assessment, with everything on record, to see templates by."""

import datetime as dt
from collections.abc import Mapping
from itertools import islice

from survey_service.analysis.peers import Peers
from survey_service.analysis.suppression import FEWEST
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import Moved, State
from survey_service.conduct.remarks import Remark
from survey_service.i18n import translate
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import trend
from survey_service.maturity.scoring import Card, score
from survey_service.maturity.tree import Indicator
from survey_service.reports.assessment import Report
from survey_service.reports.record import Before, Judged, Record

Answers = Mapping[str, Answer]


def sample(
    questionnaire: Questionnaire,
    digest: str,
    at: dt.datetime,
    state: State,
    language: str,
    source: str = "",
) -> Report:
    """Return the report of an assessment that nobody made.

    Args:
        questionnaire: What it answers.
        digest: Of the questionnaire's file.
        at: The moment of everything in it.
        state: Where it stands: what is not final bears that across every page.
        language: Of the words in it.
        source: The text of the questionnaire's file.
    """
    kind = questionnaire.kinds[0].code if questionnaire.tells_kinds_apart else ""
    asked, profile = questionnaire.for_kind(kind), Profile(kind, {})
    own = {
        code: answer
        for place, (code, one) in enumerate(asked.indicators.items())
        if (answer := answered(asked, one, place)) is not None
    }
    found = _lowered(asked, own)
    cards = [score(asked, given, official=True, profile=profile) for given in (own, found)]
    words = translate("An example, made up to see the template.", language)
    first = next(iter(found), "")
    return Report(
        questionnaire,
        digest,
        translate("Example agency", language),
        found,
        dict.fromkeys(islice(found, 3), words),
        at,
        profile,
        stages=(
            Judged("self", cards[0], own),
            Judged("external", cards[1], found, dict.fromkeys(islice(found, 1), words)),
        ),
        record=_record(asked, (cards[0], cards[1]), first, at, state, words, language),
        source=source,
    )


def answered(questionnaire: Questionnaire, indicator: Indicator, place: int) -> Answer | None:
    """Return a plausible, uneven answer; None where only numbers or words would be one."""
    if indicator.answer_type == "level":
        levels = list(questionnaire.levels(indicator))
        return Answer(level=levels[(place + place // 3) % len(levels)])
    if indicator.answer_type == "option":
        options = questionnaire.options(indicator)
        return Answer(option=options[place % len(options)].code)
    return None


def _lowered(questionnaire: Questionnaire, own: Answers) -> dict[str, Answer]:
    """Return the answers with the first one at its lowest, as an evaluator may have found it."""
    found = dict(own)
    for code, answer in islice(own.items(), 1):
        lowest = min(questionnaire.answer_values[code], key=questionnaire.answer_values[code].get)  # type: ignore[arg-type] # it has them all
        found[code] = (
            Answer(option=str(lowest)) if answer.level is None else Answer(level=int(lowest))
        )
    return found


def _record(
    questionnaire: Questionnaire,
    cards: tuple[Card, Card],
    code: str,
    at: dt.datetime,
    state: State,
    words: str,
    language: str,
) -> Record:
    """Return what lies beside it; `code` is of the indicator that has evidence and remarks."""
    before, card = cards
    cycle = translate("Example cycle", language)
    nodes = {code: before.nodes[code].index for code in questionnaire.all_nodes}
    index = card.index
    return Record(
        number=0,
        cycle=cycle,
        state=state,
        stage="final",
        above=(translate("Example ministry", language),),
        closes=at.date(),
        zone=str(at.tzinfo),
        steps=(Moved(1, "submit", "draft", "submitted", "Alice", at),),
        scored_by=("Charlie",),
        evidence=(
            Evidence(
                1, code, "example.pdf", "0" * 64, "application/pdf", 1000, None, None, "Alice", at
            ),
        ),
        remarks=(Remark(1, "comment", code, words, "Charlie", at),),
        before=Before(cycle, trend(questionnaire, before, questionnaire, card), nodes),
        peers=None
        if index is None
        else Peers(
            FEWEST,
            index,
            (index, index),
            {code: value for code, value in nodes.items() if value is not None},
        ),
        address="https://example.org",
    )
