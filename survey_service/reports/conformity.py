"""What WeasyPrint's PDF/A-3a lacks to be PDF/UA-1 as well, and to be the same on every machine.

Its option for more metadata puts a second `rdf:RDF` behind the first one, which readers pass over:
hence the claim of PDF/UA goes into the first, with the schema that PDF/A demands of whatever it does
not know itself (ISO 19005-3, 6.6.2.3).
"""

import zlib
from collections.abc import Iterable, Iterator

import pydyf
from weasyprint import Document

from survey_service.conduct.statements import NAME
from survey_service.reports.attachments import TYPES

_NO_TEXT, _JOINER = (
    b"> <>\n",
    b"> <2060>\n",
)  # letters of several glyphs are written with the last one
_CLOSING = b"</rdf:RDF>"
_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def conform(_: Document, pdf: pydyf.PDF, *, padding: int = 0) -> None:
    """Make a finished PDF/A-3a one that is PDF/UA-1 as well, before it is written.

    Args:
        _: The pages that it was made of.
        pdf: What is changed.
        padding: How many objects to add that say nothing; see `ends_well`.
    """
    _claim(_of(pdf, pdf.catalog["Metadata"]))
    _name_types(pdf)
    _keep_place(pdf)
    if "AF" in pdf.catalog:  # where each attachment stands twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for header in _elements(pdf.objects, "/TH"):
        section = _of(pdf, _of(pdf, header["P"])["P"])
        header["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"
    for stream in (one for one in pdf.objects if isinstance(one, pydyf.Stream)):
        if "Interpolate" in stream.extra:
            stream.extra["Interpolate"] = "false"  # as pictures of a PDF/A have to be
        _end_well(stream)
    for _number in range(padding):
        pdf.add_object(pydyf.Dictionary())


def ends_well(content: bytes) -> bool:
    """Whether no stream of a PDF ends in a carriage return, those included that are made in writing."""
    return b"\r\nendstream" not in content


def _end_well(stream: pydyf.Stream) -> None:
    """Compress a stream, once for all; or leave it as it is, where that would end badly."""
    compress, stream.compress = stream.compress, False
    content = stream.data.partition(b"stream\n")[2].removesuffix(b"\nendstream")
    if b"\nbegincmap\n" in content:
        content = content.replace(_NO_TEXT, _JOINER)
    packed = zlib.compress(content, 9) if compress else content
    if not packed.endswith(b"\r"):
        stream.stream = [packed]
        stream.extra |= {"Filter": "/FlateDecode"} if compress else {}
    elif not compress:
        stream.stream = [packed, b""]  # a line break, which readers of packed pictures disregard


def _claim(metadata: pydyf.Stream) -> None:
    """Say in the metadata that the file is PDF/UA-1, and let it be read without a PDF library."""
    (content,) = metadata.stream
    metadata.stream = [content.replace(_CLOSING, _CLAIM + _CLOSING, 1)]
    metadata.compress = False


def _name_types(pdf: pydyf.PDF) -> None:
    """Name the media types of attachments; WeasyPrint takes some from the machine's own table."""
    for named in pdf.objects:
        if isinstance(named, dict) and named.get("Type") == "/Filespec":
            ending = named["F"].string.decode().rpartition(".")[2]
            if ending in TYPES:
                kind = TYPES[ending].replace("/", "#2f")
                _of(pdf, named["EF"]["F"]).extra["Subtype"] = f"/{kind}"


def _keep_place(pdf: pydyf.PDF) -> None:
    """Leave the place of the statement as it is, to be filled in, and tell no checksum of its blanks."""
    for named in pdf.objects:
        if isinstance(named, dict) and named.get("Type") == "/Filespec":
            stream = _of(pdf, named["EF"]["F"])
            if named["F"].string.decode() == NAME:
                stream.compress = False
                del stream.extra["Params"]["CheckSum"]


def _elements(objects: Iterable[pydyf.Object], tag: str) -> Iterator[pydyf.Dictionary]:
    return (one for one in objects if isinstance(one, dict) and one.get("S") == tag)


def _of(pdf: pydyf.PDF, reference: str | bytes) -> pydyf.Object:
    """Return what a reference as `12 0 R` leads to."""
    return pdf.objects[int(reference.split()[0])]
