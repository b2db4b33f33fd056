"""Response files: one organisation's answers to one questionnaire, outside any database."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from survey_service.conduct.responses import Responses
from survey_service.errors import DocumentError, FileMissingError, SurveyError
from survey_service.library.documents import LARGEST, Document, read
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.checking.findings import Place
from survey_service.maturity.instrument import Questionnaire


def load(document: Document, questionnaire: Questionnaire) -> Responses:
    """Return the responses in a document, each accepted by the questionnaire.

    Raises:
        DocumentError: Not a response file, for another questionnaire, or an answer that does not
            fit; says where and what was expected.
    """
    for place in _places(document):
        document.decode(Answer, place)  # alone, for an error that names the place
    responses = document.decode(Responses)
    if responses.questionnaire != questionnaire.reference:
        document.refuse(
            ("questionnaire",),
            "other_questionnaire",
            expected=questionnaire.reference,
            found=responses.questionnaire,
        )
    _accept(document, questionnaire, responses)
    return responses


_DECODER = msgspec.json.Decoder(Responses)


class Refused(Struct, frozen=True):
    """A line that holds no responses to the questionnaire, and why."""

    error: DocumentError


def lines(file: Path, questionnaire: Questionnaire) -> Iterator[Responses | Refused]:
    """Yield the responses on each line of a JSON Lines file, or why a line has none.

    The file is read as it is used, and may be of any length; a line may not.

    Raises:
        FileMissingError: There is no such file, or it cannot be read.
    """
    accepted: set[tuple[str, str, Answer]] = set()
    try:
        with file.open("rb") as opened:
            for number, line in enumerate(iter(lambda: opened.readline(LARGEST + 1), b""), start=1):
                if line.strip():
                    yield _line(line, number, str(file), questionnaire, accepted)
    except OSError as error:
        raise FileMissingError(file=str(file), cause=error.strerror or "") from error


def has_lines(file: Path) -> bool:
    """Whether a file looks like JSON Lines: a whole object on its first line, and more below.

    Raises:
        FileMissingError: There is no such file, or it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            first, more = opened.readline(LARGEST), opened.read(LARGEST)
        return bool(more.strip()) and isinstance(msgspec.json.decode(first), dict)
    except OSError as error:
        raise FileMissingError(file=str(file), cause=error.strerror or "") from error
    except (msgspec.DecodeError, RecursionError):
        return file.suffix in {".jsonl", ".ndjson"}


def _line(
    line: bytes,
    number: int,
    file: str,
    questionnaire: Questionnaire,
    accepted: set[tuple[str, str, Answer]],
) -> Responses | Refused:
    """Return what one line holds; `accepted` remembers the answers that were found to fit."""
    try:
        responses = _DECODER.decode(line)
        if responses.questionnaire == questionnaire.reference:
            kind = responses.organisation.kind
            asked = questionnaire.for_kind(kind)
            for _, code, answer in _given(responses):
                _accept_once(asked, kind, code, answer, accepted)
            return responses
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, SurveyError):
        pass  # read again, slowly, to say where and why
    try:
        return load(read(line, file), questionnaire)
    except DocumentError as error:
        return Refused(DocumentError(**error.details | {"line": number}))


def _accept_once(
    questionnaire: Questionnaire,
    kind: str,
    code: str,
    answer: Answer,
    accepted: set[tuple[str, str, Answer]],
) -> None:
    """Accept an answer, unless the same one was accepted before."""
    if answer.values is not None or answer.units is not None:
        accept(questionnaire, code, answer)  # holds dicts, which cannot be remembered
    elif (kind, code, answer) not in accepted:
        accept(questionnaire, code, answer)
        accepted.add((kind, code, answer))


def _given(responses: Responses) -> Iterator[tuple[Place, str, Answer]]:
    """Yield every answer of every stage with its place."""
    for code, answer in responses.responses.items():
        yield ("responses", code), code, answer
    for stage, answers in responses.stages.items():
        for code, answer in answers.items():
            yield ("stages", stage, code), code, answer


def _accept(document: Document, questionnaire: Questionnaire, responses: Responses) -> None:
    try:
        asked = questionnaire.for_kind(responses.organisation.kind)
    except SurveyError as error:
        document.refuse(("organisation",), error.code, **error.details)
    for place, code, answer in _given(responses):
        try:
            accept(asked, code, answer)
        except SurveyError as error:
            document.refuse(place, error.code, **error.details)


def _places(document: Document) -> Iterator[Place]:
    """Yield the place of every answer in a document, as far as it is one."""
    values = document.values if isinstance(document.values, dict) else {}
    given: list[tuple[Place, object]] = [(("responses",), values.get("responses"))]
    stages = values.get("stages")
    if isinstance(stages, dict):
        given += [(("stages", stage), answers) for stage, answers in stages.items()]
    for place, answers in given:
        if isinstance(answers, dict):
            yield from ((*place, code) for code in answers)
