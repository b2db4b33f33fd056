"""Files as people upload them, made here, and some that nobody should have to open."""

import io
import struct
import zipfile
import zlib

from PIL import Image

from tests.workbooks import workbook

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"


def image(format_: str, size: tuple[int, int] = (4, 3)) -> bytes:
    """Return a small image."""
    made = io.BytesIO()
    Image.new("RGB", size).save(made, format_)
    return made.getvalue()


def archive(**entries: bytes | str) -> bytes:
    """Return a ZIP of entries, `__` in whose names stands for a slash, and `_` for a dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


def document(**more: bytes | str) -> bytes:
    """Return what passes for a word processor's document."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("[Content_Types].xml", "<Types/>")
        opened.writestr("word/document.xml", "<document/>")
        for name, content in more.items():
            opened.writestr(name, content)
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


GOOD = {
    "report.pdf": ("application/pdf", PDF),
    "map.png": ("image/png", image("PNG")),
    "Photo.JPG": ("image/jpeg", image("JPEG")),
    "photo.webp": ("image/webp", image("WEBP")),
    "minutes.docx": (DOCX, document()),
    "table.xlsx": (XLSX, workbook([["a"]])),
    "minutes.odt": (ODT, archive(mimetype=ODT)),
}
"""Files that are taken, by name, with their type."""

BAD = {
    "a picture called a PDF": ("report.pdf", "application/pdf", image("PNG"), "other_type"),
    "a PDF called a picture": ("map.png", "image/png", PDF, "other_type"),
    "another ending": ("report.exe", "application/pdf", PDF, "other_type"),
    "another type": ("report.pdf", "text/html", PDF, "other_type"),
    "a page": ("page.html", "text/html", b"<script>alert(1)</script>", "file_type"),
    "a drawing that can run script": ("a.svg", "image/svg+xml", b"<svg/>", "file_type"),
    "a ZIP": ("all.zip", "application/zip", archive(a_txt="x"), "file_type"),
    "a program": ("a.pdf", "application/pdf", b"MZ\x90\x00", "file_type"),
    "nothing": ("a.pdf", "application/pdf", b"", "file_type"),
    "half a PDF": ("a.pdf", "application/pdf", PDF[:20], "cut_off"),
    "half a document": ("a.docx", DOCX, document()[:60], "cut_off"),
    "too many pixels": ("a.png", "image/png", pixels(30_000, 30_000), "bomb"),
    "many pixels": ("a.png", "image/png", pixels(10_000, 9_000), "bomb"),
    "a document that unpacks to much": (
        "a.docx", DOCX, document(bomb=b"\0" * 20_000_000), "bomb",
    ),
    "a document with macros": (
        "a.docx", DOCX, document(**{"word/vbaProject.bin": "x"}), "macros",
    ),
    "many files in a document": (
        "a.docx", DOCX, document(**{str(number): "" for number in range(6000)}), "bomb",
    ),
}  # fmt: skip
"""Files that are refused, by what is wrong with them: name, type, content and why."""
