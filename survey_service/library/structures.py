"""Structures of composites from files: decoded strictly, and what cannot be said with its line."""

from survey_service.analysis.structures import Structure, faults
from survey_service.library.documents import Document


def load(document: Document) -> Structure:
    """Return the structure that a document holds.

    Raises:
        DocumentError: It holds none, or one that cannot be; says where, and what is wrong.
    """
    structure = document.decode(Structure)
    for fault in faults(structure):
        document.refuse(fault.at, fault.reason, **fault.details)
    return structure
