"""Lists of people: a spreadsheet with a row for each."""

from survey_service.characters import single_blanks
from survey_service.conduct.access import ROLES
from survey_service.conduct.people import ListedPerson
from survey_service.errors import DocumentError
from survey_service.library import tables
from survey_service.library.tables import Row
from survey_service.library.vocabulary import named, plain, words

_HEADINGS = words(
    login="nama masuk,nama pengguna,username",
    name="nama,nama lengkap,full name",
    role="peran",
    organisation="instansi,organisasi,organization,agency",
    email="e-mail,mail,surel,alamat surel,alamat e-mail,e-mail address",
)
_ROLES = named("role", ROLES, words(evaluator="penilai", inspector="inspektur,inspektorat,apip"))
_NEEDED = ("login", "name", "role", "organisation")


def load(content: bytes, file: str) -> list[ListedPerson]:
    """Return the people in a CSV or XLSX file; headings and roles may be in either language.

    Raises:
        DocumentError: The file is no table, lacks a column, or has a number that has lost digits.
    """
    rows = tables.rows(content, file, _HEADINGS)
    for column in _NEEDED:
        if column not in rows[0].cells:
            raise DocumentError(file=file, line=rows[0].top, key=column, reason="missing")
    return [_listed(row) for row in rows]


def _listed(row: Row) -> ListedPerson:
    said = {name: single_blanks(cell) for name, cell in row.cells.items()}
    return ListedPerson(
        said["login"],
        said["name"],
        _ROLES.get(plain(said["role"]), said["role"]),
        said["organisation"],
        said.get("email", ""),
        row.line,
    )
