"""Workbooks, made by hand: until there is something to write them with."""

import io
import zipfile
from collections.abc import Sequence

_HIDDEN = ' state="hidden"'
Rows = list[list[object]]


def workbook(*sheets: Rows, hidden: int = 0, merged: Sequence[str] = ()) -> bytes:
    """Return a workbook of some sheets, the first ones hidden; cells are merged on the first one."""
    return _packed(
        [_sheet(rows, merged if not place else ()) for place, rows in enumerate(sheets)], hidden
    )


def _sheet(rows: Rows, merged: Sequence[str]) -> str:
    cells = "".join("<row>" + "".join(_cell(value) for value in row) + "</row>" for row in rows)
    ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    return f"<sheetData>{cells}</sheetData>" + (
        f"<mergeCells>{ranges}</mergeCells>" if ranges else ""
    )


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def sparse() -> bytes:
    """Return a few kilobytes that claim the last cell there can be."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return _packed([f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{far}</sheetData>'], 0)


def _packed(sheets: Sequence[str], hidden: int) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    numbers = range(1, len(sheets) + 1)
    named = "".join(
        f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"{_HIDDEN if n <= hidden else ""}/>'
        for n in numbers
    )
    related = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/{n}.xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
    } | {
        f"xl/worksheets/{n}.xml": f'<worksheet xmlns="{main}">{sheets[n - 1]}</worksheet>'
        for n in numbers
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return packed.getvalue()
