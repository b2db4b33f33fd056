"""What a PDF or an office document holds, looked into in a process of its own.

`python -m survey_service.library.inspection FILE` prints the media type, or `!` and why the file is
not taken. A file can be made to take hours or gigabytes to look into: here it is this process that
ends, and nobody else suffers.
"""

import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.parsers import expat

MEMORY, SECONDS = 1024 * 1024 * 1024, 20  # bytes, of the processor
UNPACKED, RATIO, ENTRIES = 300_000_000, 200, 5000  # bytes; times the size of the file; files in it
PDF = "application/pdf"

_ACTIVE = re.compile(rb"/(?:JS|JavaScript|XFA)\b")
_SCRIPT = re.compile(rb"<(?:\w+:)?script\b")
_MAIN = {
    f"application/vnd.openxmlformats-officedocument.{kind}.main+xml": (
        f"application/vnd.openxmlformats-officedocument.{kind}"
    )
    for kind in (
        "wordprocessingml.document",
        "spreadsheetml.sheet",
        "presentationml.presentation",
    )
}
_PLACES = {  # where the main part lies by custom, for writers who do not say what it is
    "word/document.xml": "wordprocessingml.document",
    "xl/workbook.xml": "spreadsheetml.sheet",
    "ppt/presentation.xml": "presentationml.presentation",
}
_ODF = {
    f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")
}
_MACROS = ("macroenabled", "vbaproject", "macrosheet")  # in content types and relationships
_OLE, _VBA = b"\xd0\xcf\x11\xe0", "_VBA_PROJECT".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_INDEXES = {"script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml"}  # name, run nothing
_CALLS = ("vnd.sun.star.script:", "macro:")
_PIECE = 1024 * 1024  # bytes
_DEEPEST = 3  # documents within documents


class RefusedError(Exception):
    """The file is not taken, and why: one of `problem.*`."""


def main() -> None:
    """Say what a file is, or why it is not taken."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        sys.stdout.write(inspected(sys.argv[1]))
    except RefusedError as refused:
        sys.stdout.write(f"!{refused}")
    except MemoryError:
        sys.stdout.write("!bomb")


def inspected(path: str) -> str:
    """Return the media type of a PDF or an office document.

    Raises:
        RefusedError: It is locked, holds macros or scripts, or cannot be read.
    """
    with Path(path).open("rb") as content:
        if content.read(5) == b"%PDF-":
            return _pdf(path)
        try:
            return _office(content)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise RefusedError("cut_off") from error
        except (expat.ExpatError, EOFError) as error:
            raise RefusedError("cut_off") from error


def _pdf(path: str) -> str:
    import pikepdf  # noqa: PLC0415 - takes longer than to look into most documents

    try:
        with pikepdf.open(path) as opened:
            if opened.is_encrypted:
                raise RefusedError("encrypted")
            for each in opened.objects:
                said = each.stream_dict if isinstance(each, pikepdf.Stream) else each
                if _ACTIVE.search(said.unparse(resolved=True)) and _acts(said):
                    raise RefusedError("script")
    except pikepdf.PasswordError:
        raise RefusedError("encrypted") from None
    except pikepdf.PdfError as error:
        raise RefusedError("cut_off") from error
    return PDF


def _acts(said: Any) -> bool:
    """Whether an object, without those that it refers to, says what a reader is to run."""
    import pikepdf  # noqa: PLC0415 - as above

    if isinstance(said, pikepdf.Array):
        return any(_acts(one) for one in _direct(said))
    if not isinstance(said, pikepdf.Dictionary):
        return False
    if "/JS" in said or "/JavaScript" in said or said.get("/S") == pikepdf.Name.JavaScript:
        return True
    if "/XFA" in said and _has_script(said["/XFA"]):
        return True
    return any(_acts(one) for one in _direct(said.values()))


def _direct(values: Iterable[Any]) -> Iterator[Any]:
    return (one for one in values if not getattr(one, "is_indirect", False))


def _has_script(form: Any) -> bool:
    """Whether a form in XML holds a script; it is in one stream, or in several."""
    import pikepdf  # noqa: PLC0415 - as above

    parts = form if isinstance(form, pikepdf.Array) else [form]
    content = b"".join(one.read_bytes() for one in parts if isinstance(one, pikepdf.Stream))
    return bool(_SCRIPT.search(content))


def _office(content: IO[bytes]) -> str:
    """Return the type of an office document, which is a ZIP of a certain content."""
    size = content.seek(0, 2)
    with zipfile.ZipFile(content) as opened:
        entries = opened.infolist()
        _require_bounded(entries, size)
        names = {entry.filename for entry in entries}
        if "[Content_Types].xml" in names:
            return _ooxml(opened, names)
        if "mimetype" in names:
            return _odf(opened, names)
    raise RefusedError("file_type")


def _require_bounded(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse what is large, locked, or would be read differently by others."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * size:
        raise RefusedError("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError("encrypted")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) < len(names) or any("\\" in entry.orig_filename for entry in entries):
        raise RefusedError("cut_off")


def _ooxml(opened: zipfile.ZipFile, names: set[str]) -> str:
    said: set[str] = set()
    _parse(
        opened,
        "[Content_Types].xml",
        lambda _, attributes: said.add(_of(attributes, "ContentType")),
    )
    for name in names:
        if name.endswith(".rels"):
            _parse(opened, name, lambda _, attributes: said.add(_of(attributes, "Type")))
    _require_no_macros(said)
    _require_no_code(opened)
    for each in said & set(_MAIN):
        return _MAIN[each]
    for place, kind in _PLACES.items():
        if place in names:
            return f"application/vnd.openxmlformats-officedocument.{kind}"
    raise RefusedError("file_type")


def _require_no_macros(said: set[str]) -> None:
    if any(sign in each.lower() for each in said for sign in _MACROS):
        raise RefusedError("macros")


def _require_no_code(opened: zipfile.ZipFile, depth: int = 1) -> None:
    """Refuse compiled macros, whatever their part is called, and in documents within."""
    for entry in opened.infolist():
        with opened.open(entry) as part:
            start = part.read(4)
            if start == _OLE and _contains(part, _VBA):
                raise RefusedError("macros")
        if start == _ZIP and depth < _DEEPEST:
            with suppress(zipfile.BadZipFile), opened.open(entry) as part:
                _require_no_code_within(part, entry.file_size, depth)


def _require_no_code_within(part: IO[bytes], size: int, depth: int) -> None:
    with zipfile.ZipFile(part) as within:
        _require_bounded(within.infolist(), size)
        _require_no_code(within, depth + 1)


def _contains(part: IO[bytes], wanted: bytes) -> bool:
    kept = b""
    while piece := part.read(_PIECE):
        if wanted in kept + piece:
            return True
        kept = piece[-len(wanted) :]
    return False


def _odf(opened: zipfile.ZipFile, names: set[str]) -> str:
    with opened.open("mimetype") as kept:
        found = kept.read(100).decode("ascii", "replace").strip()
    if found not in _ODF:
        raise RefusedError("file_type")
    if "META-INF/manifest.xml" in names:
        _parse(opened, "META-INF/manifest.xml", _require_open)
    if any(map(_is_macro, names)):
        raise RefusedError("macros")
    for name in names:
        if PurePosixPath(name).name in {"content.xml", "styles.xml"}:
            _parse(opened, name, _require_no_call)
    return found


def _is_macro(name: str) -> bool:
    """Whether an entry is a module of a macro library, or a script."""
    *folders, last = (part.lower() for part in PurePosixPath(name).parts)
    if name.endswith("/"):
        return False
    return "scripts" in folders or ("basic" in folders and last not in _INDEXES)


def _require_open(element: str, _: dict[str, str]) -> None:
    if element.endswith(("encryption-data", "encrypted-key")):
        raise RefusedError("encrypted")


def _require_no_call(element: str, attributes: dict[str, str]) -> None:
    if element.endswith("event-listener"):
        for name, value in attributes.items():
            if name.endswith("href") and value.strip().lower().startswith(_CALLS):
                raise RefusedError("macros")


def _of(attributes: dict[str, str], wanted: str) -> str:
    return attributes.get(wanted, "")


def _parse(
    opened: zipfile.ZipFile, name: str, see: Callable[[str, dict[str, str]], object]
) -> None:
    """Show each element of a part, with its attributes; entities are refused, others expand them."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = see
    parser.EntityDeclHandler = _refuse_entity
    with opened.open(name) as part:
        parser.ParseFile(part)


def _refuse_entity(*_: object) -> None:
    raise RefusedError("cut_off")


if __name__ == "__main__":
    main()
