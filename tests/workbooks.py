"""Workbooks, made by hand: until there is something to write them with."""

import io
import zipfile


def workbook(rows: list[list[object]]) -> bytes:
    """Return a workbook of one sheet; by hand, as it is only read here."""
    cells = "".join("<row>" + "".join(_cell(value) for value in row) + "</row>" for row in rows)
    return _packed(f"<sheetData>{cells}</sheetData>")


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
    return _packed(f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>{far}</sheetData>')


def _packed(sheet: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/1.xml"/>'
        "</Relationships>",
        "xl/worksheets/1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return packed.getvalue()
