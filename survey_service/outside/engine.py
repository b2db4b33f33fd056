"""A distributed engine that somebody has already, asked through Spark Connect for what a country comes to.

It is an extra, `survey-service[spark]`, for countries that outgrow one machine: the engine reads the files
of an export itself, where they lie, and only figures come back.
"""

from importlib.util import find_spec

from msgspec import Struct

from survey_service.analysis.national import Answered
from survey_service.analysis.selection import KIND
from survey_service.errors.engines import ExtraMissingError

PATIENCE = 10
"""Seconds that an engine has to answer that it is there."""


class Question(Struct, frozen=True):
    """What an engine is asked.

    Args:
        place: The folder of a questionnaire in an export, as the engine finds it: `s3://…` or a path.
        cycle: The number of the cycle; 0 for the newest there.
        before: That of an earlier one, to see who moved; 0 for none.
        by: What groups are made by: `kind` or an attribute; "" for none.
    """

    place: str
    cycle: int = 0
    before: int = 0
    by: str = KIND


def ask(address: str, question: Question, seconds: float = PATIENCE) -> Answered:
    """Return what an engine makes of an export.

    Args:
        address: `sc://host:port`, with what else Spark Connect takes after it.
        question: What is asked.
        seconds: How long the engine has to say that it is there.

    Raises:
        ExtraMissingError: The extra is not installed.
        EngineUnreachableError: Nothing that speaks Spark Connect answers there, or not in time.
        NoExportError: The engine finds no export there.
        OtherExportError: It is one of another version.
        ColumnsMissingError: It has not all of its columns.
        PartialExportError: It is not whole.
        NoSuchCycleError: There is no such cycle in it.
        NoSuchGroupError: Organisations are not known by that.
        EngineFailedError: The engine says something else.
    """
    if any(find_spec(name) is None for name in ("pyspark", "grpc", "pandas", "pyarrow")):
        raise ExtraMissingError(extra="spark")
    from survey_service.outside import spark_connect  # noqa: PLC0415 - needs the extra

    return spark_connect.ask(address, question, seconds)
