"""Files as people upload them, made here, and some that nobody should have to open."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode
from PIL import Image

from tests.workbooks import workbook

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"


def image(format_: str, size: tuple[int, int] = (4, 3)) -> bytes:
    """Return a small image."""
    made = io.BytesIO()
    Image.new("RGB", size).save(made, format_)
    return made.getvalue()


def pdf(
    *,
    locked: tuple[str, str] | None = None,
    form: bytes | None = None,
    **catalog: pikepdf.Object | str,
) -> bytes:
    """Return a PDF of one empty page, its objects compressed.

    Args:
        locked: The password of who reads it, and of who changes it.
        form: A form in XML.
        catalog: What its catalogue says beside that.
    """
    made = io.BytesIO()
    with pikepdf.new() as opened:
        opened.add_blank_page()
        for name, value in catalog.items():
            opened.Root[f"/{name}"] = value
        if form is not None:
            opened.Root.AcroForm = Dictionary(XFA=opened.make_stream(form))
        locking = pikepdf.Encryption(user=locked[0], owner=locked[1]) if locked else None
        opened.save(
            made,
            object_stream_mode=ObjectStreamMode.generate,
            encryption=locking or False,
            deterministic_id=locking is None,
        )
    return made.getvalue()


PDF = pdf()
SCRIPT = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def archive(**entries: bytes | str) -> bytes:
    """Return a ZIP of entries, `__` in whose names stands for a slash, and `_` for a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


def document(**more: bytes | str) -> bytes:
    """Return a word processor's document, with more in it or something in place of what it has."""
    entries = {"[Content_Types].xml": types(), "word/document.xml": "<document/>"}
    return packed(entries | more)


def packed(entries: Mapping[str, bytes | str]) -> bytes:
    """Return a ZIP of entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return made.getvalue()


def types(**parts: str) -> str:
    """Return the list of content types of a document: of its main part, and of some others."""
    main = f"{DOCX}.main+xml"
    rows = {"/word/document.xml": main, **parts}
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{type_}"/>' for part, type_ in rows.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<?xml version="1.0"?><Types xmlns="{space}">{overrides}</Types>'


def relation(kind: str) -> str:
    """Return the relationships of a part, one of a kind."""
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    type_ = f"http://schemas.microsoft.com/office/2006/relationships/{kind}"
    return f'<Relationships xmlns="{space}"><Relationship Id="1" Type="{type_}" Target="a.bin"/></Relationships>'


def opendocument(**more: bytes | str) -> bytes:
    """Return a document of the other family, with more in it."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    entries = {
        "mimetype": ODT,
        "META-INF/manifest.xml": manifest(),
        "content.xml": f'<o:document-content xmlns:o="{office}"><o:scripts/></o:document-content>',
    }
    return packed(entries | more)


def manifest(within: str = "") -> str:
    """Return the list of what an OpenDocument holds."""
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = (
        f'<m:file-entry m:full-path="content.xml" m:media-type="text/xml">{within}</m:file-entry>'
    )
    return f'<m:manifest xmlns:m="{space}">{entry}</m:manifest>'


def several(format_: str) -> bytes:
    """Return a picture with a second one behind it, as phones make them."""
    made, size = io.BytesIO(), (4, 3)
    second = Image.new("RGB", size, "red")
    Image.new("RGB", size).save(made, format_, save_all=True, append_images=[second])
    return made.getvalue()


def pixels(width: int, height: int) -> bytes:
    """Return a PNG that claims a size, in a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", b"") + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


_OTHER_LETTERS = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScript/#4a#53(a)>>>>\nendobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj<</Type/Page/Parent 2 0 R>>\nendobj\n"
    b"trailer\n<</Root 1 0 R/Size 4>>\n%%EOF\n"
)
_VBA = b"\xd0\xcf\x11\xe0" + b"\0" * 1000 + "_VBA_PROJECT".encode("utf-16-le")
_EVENT = (
    '<d xmlns:s="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:x="http://www.w3.org/1999/xlink">'
    '<s:event-listener s:event-name="dom:load" x:href="vnd.sun.star.script:Standard.A.B?language=Basic"/></d>'
)
_ENTITY = '<!DOCTYPE t [<!ENTITY a "vbaProject">]><Types/>'
_BOMB = (
    '<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><Types>&j;</Types>"
)

GOOD = {
    "report.pdf": ("application/pdf", PDF),
    "form.pdf": ("application/pdf", pdf(form=b"<xdp><template/></xdp>")),
    "bookmarks.pdf": ("application/pdf", pdf(Lang="about /JS and /JavaScript (and /XFA )")),
    "map.png": ("image/png", image("PNG")),
    "Photo.JPG": ("image/jpeg", image("JPEG")),
    "photo.jfif": ("image/jpeg", image("JPEG")),
    "phone.jpg": ("image/jpeg", several("MPO")),
    "moving.png": ("image/png", several("PNG")),
    "photo.webp": ("image/webp", image("WEBP")),
    "minutes.docx": (DOCX, document()),
    "drawing.docx": (DOCX, document(**{"word/embeddings/a.bin": b"\xd0\xcf\x11\xe0 a drawing"})),
    "old.docx": (DOCX, document(**{"[Content_Types].xml": "<Types/>"})),
    "table.xlsx": (XLSX, workbook([["a"]])),
    "minutes.odt": (ODT, opendocument()),
    "empty.odt": (ODT, opendocument(**{"Basic/script-lc.xml": "<l/>", "Basic/Standard/": ""})),
}
"""Files that are taken, by name, with their type."""

BAD = {
    "a picture called a PDF": ("report.pdf", image("PNG"), "other_type"),
    "a PDF called a picture": ("map.png", PDF, "other_type"),
    "another ending": ("report.exe", PDF, "other_type"),
    "no ending": ("report", PDF, "other_type"),
    "a page": ("page.html", b"<script>alert(1)</script>", "file_type"),
    "a drawing that can run script": ("a.svg", b"<svg/>", "file_type"),
    "a ZIP": ("all.zip", archive(a_txt="x"), "file_type"),
    "a program": ("a.pdf", b"MZ\x90\x00", "file_type"),
    "nothing": ("a.pdf", b"", "file_type"),
    "half a PDF": ("a.pdf", PDF[:20], "cut_off"),
    "a PDF with nothing in it": ("a.pdf", b"%PDF-1.7\ntrailer <<>>\n%%EOF\n", "cut_off"),
    "a PDF with a password": ("a.pdf", pdf(locked=("a", "b")), "encrypted"),
    "a PDF locked against changes": ("a.pdf", pdf(locked=("", "b")), "encrypted"),
    "a PDF that runs script": ("a.pdf", pdf(OpenAction=SCRIPT), "script"),
    "a PDF with script by name": (
        "a.pdf", pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array([])))), "script",
    ),
    "a PDF with script within": (
        "a.pdf", pdf(AA=Dictionary(WC=Dictionary(Next=Array([SCRIPT])))), "script",
    ),
    "a PDF with script in other letters": (
        "a.pdf", _OTHER_LETTERS, "script",
    ),
    "a PDF with script in its form": (
        "a.pdf", pdf(form=b"<xdp><x:script>alert(1)</x:script></xdp>"), "script",
    ),
    "half a document": ("a.docx", document()[:60], "cut_off"),
    "half a list of parts": ("a.docx", document(**{"[Content_Types].xml": types()[:90]}), "cut_off"),
    "too many pixels": ("a.png", pixels(30_000, 30_000), "bomb"),
    "many pixels": ("a.png", pixels(10_000, 9_000), "bomb"),
    "a photo of a phone": ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
    "the same by another name": ("IMG_1.jpg", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "heic"),
    "a document that unpacks to much": ("a.docx", document(bomb=b"\0" * 20_000_000), "bomb"),
    "a document with macros": ("a.docx", document(**{"word/vbaProject.bin": _VBA}), "macros"),
    "macros by another name": ("a.docx", document(**{"word/media/a.png": _VBA}), "macros"),
    "a part that says it is macros": (
        "a.docx",
        document(**{"[Content_Types].xml": types(**{"/a.bin": "application/vnd.ms-office.vbaProject"})}),
        "macros",
    ),
    "a part that is used as macros": (
        "a.docx", document(**{"word/_rels/document.xml.rels": relation("vbaProject")}), "macros",
    ),
    "the same in other letters": (
        "a.docx",
        document(**{"word/_rels/document.xml.rels": relation("vbaProject").encode("utf-16")}),
        "macros",
    ),
    "a sheet of macros": (
        "a.docx", document(**{"xl/_rels/a.xml.rels": relation("xlMacrosheet")}), "macros",
    ),
    "macros in a document within": (
        "a.docx", document(**{"word/embeddings/a.docx": document(a=_VBA)}), "macros",
    ),
    "a document with macros by its type": (
        "a.docm",
        document(**{"[Content_Types].xml": types().replace("openxmlformats-officedocument", "x.macroEnabled")}),
        "macros",
    ),
    "a list with an entity": ("a.docx", document(**{"[Content_Types].xml": _ENTITY}), "cut_off"),
    "a list that would fill the memory": (
        "a.docx", document(**{"[Content_Types].xml": _BOMB}), "cut_off",
    ),
    "a part twice": ("a.docx", document(**{"Word/Document.xml": "<document/>"}), "cut_off"),
    "a locked document": (
        "a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "encrypted",
    ),
    "a document of long ago": ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 500, "file_type"),
    "many files in a document": (
        "a.docx", document(**{str(number): "" for number in range(6000)}), "bomb",
    ),
    "another document with macros": (
        "a.odt", opendocument(**{"Basic/Standard/Module1.xml": "<m/>"}), "macros",
    ),
    "a document with a script": ("a.odt", opendocument(**{"Scripts/python/a.py": "a"}), "macros"),
    "a drawing within with macros": (
        "a.odt", opendocument(**{"Object 1/BASIC/Standard/Module1.xml": "<m/>"}), "macros",
    ),
    "a document that calls a macro": ("a.odt", opendocument(**{"content.xml": _EVENT}), "macros"),
    "another locked document": (
        "a.odt",
        opendocument(**{"META-INF/manifest.xml": manifest("<m:encryption-data/>")}),
        "encrypted",
    ),
}  # fmt: skip
"""Files that are refused, by what is wrong with them: name, content and why."""
