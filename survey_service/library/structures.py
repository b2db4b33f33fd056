"""Structures of composites from files: decoded strictly, and what cannot be said with its line."""

from survey_service.analysis.questionnaire_structures import structure_of
from survey_service.analysis.structures import Fault, Structure, faults
from survey_service.library import questionnaires
from survey_service.library.documents import Document
from survey_service.library.mistakes import mistakes_in


def load(document: Document) -> Structure:
    """Return the structure that a document holds, or that its questionnaire is.

    Raises:
        DocumentError: It holds none, or one that cannot be; says where, and what is wrong.
        CheckFailedError: It is a questionnaire that contradicts itself.
    """
    if isinstance(document.values, dict) and "version" in document.values:
        found = structure_of(questionnaires.load(document))
    else:
        for mistake in mistakes_in(document.values, Structure):
            document.refuse(mistake.place, mistake.reason, **mistake.details)
        found = document.decode(Structure)
    if isinstance(found, Fault):
        document.refuse(found.at, found.reason, **found.details)
    for fault in faults(found):
        document.refuse(fault.at, fault.reason, **fault.details)
    return found
