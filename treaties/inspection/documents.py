"""DOCX (ECMA-376) and ODT (OpenDocument 1.3) that run nothing, fetch nothing and hold no other file."""

import re
from urllib.parse import urlsplit

from treaties.inspection.archives import opened, parts, xml
from treaties.inspection.found import Found

# A place on the network, or in the hands of another program.
_NETWORK = re.compile(r"^\s*(?:\\\\|//|[a-z][a-z0-9+.-]+:/)", re.IGNORECASE)
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_FIELD_WORDS = re.compile(r"\bDDE(?:AUTO)?\b", re.IGNORECASE)


def docx(content: bytes) -> None:
    """Raises `Found`."""
    archive = opened(content)
    if "[Content_Types].xml" not in archive.namelist():
        raise Found("file_content")
    kinds = [one.get("ContentType", "") for one in xml(archive.read("[Content_Types].xml"))]
    if any(word in kind.lower() for kind in kinds for word in ("macroenabled", "vbaproject", "activex")):
        raise Found("file_macros")
    if _MAIN not in kinds:
        raise Found("file_content")
    for name, data in parts(archive):
        if name.endswith(".rels"):
            _relations(data)
        elif name.startswith("word/") and name.endswith(".xml"):
            _word_part(data)
        elif name.endswith(".xml"):
            xml(data)


def _relations(data: bytes) -> None:
    """Links that people click are left; what a program fetches or runs by itself is not."""
    for one in xml(data):
        kind, target = one.get("Type", "").rpartition("/")[2].lower(), one.get("Target", "")
        if kind in ("oleobject", "package", "control", "afchunk", "vbaproject", "attachedtoolbars"):
            raise Found("file_macros" if kind == "vbaproject" else "file_within")
        if one.get("TargetMode", "").lower() != "external" or kind == "hyperlink":
            continue
        # The template of the author's own machine is named in most documents, and nothing is fetched for it.
        if kind != "attachedtemplate" or _is_elsewhere(target):
            raise Found("file_fetches")


def _is_elsewhere(target: str) -> bool:
    """Whether a target is on another machine; `file:///C:/…` and a bare path are not."""
    plain = target.replace("\\", "/")
    parts = urlsplit(plain)
    if parts.scheme.lower() == "file":
        return bool(parts.netloc) or parts.path.lstrip("/") != parts.path[1:]
    return plain.startswith("//") or len(parts.scheme) > 1


def _word_part(data: bytes) -> None:
    words: list[str] = []
    for element in xml(data).iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag == "fldChar":
            words.append("\n")
        elif tag in ("instrText", "delInstrText"):
            words.append(element.text or "")
        elif tag == "fldSimple":
            words += ["\n", *(value for key, value in element.items() if key.endswith("instr")), "\n"]
        elif tag in ("OLEObject", "control", "altChunk"):
            raise Found("file_within")
    if _FIELD_WORDS.search("".join(words)):
        raise Found("file_dde")


# --- ODT -----------------------------------------------------------------------------------------------

_ODT = b"application/vnd.oasis.opendocument.text"
_FORBIDDEN = {
    "event-listener": "file_macros", "script": "file_macros", "dde-source": "file_dde",
    "dde-connection-decl": "file_dde",
    "dde-connection": "file_dde", "object-ole": "file_within", "plugin": "file_within", "applet": "file_within",
    "floating-frame": "file_within", "encryption-data": "file_encrypted",
}  # fmt: skip
# Links that people click, and where a document came from.
_CLICKED = {"a", "template", "auto-reload", "bookmark-ref", "simple"}


def odt(content: bytes) -> None:
    """Raises `Found`."""
    archive = opened(content)
    first = archive.infolist()[0]
    if first.filename != "mimetype" or archive.read(first) != _ODT:
        raise Found("file_content")
    names = archive.namelist()
    if "META-INF/manifest.xml" not in names or "content.xml" not in names:
        raise Found("file_content")
    # First of all: the other parts of an encrypted document are noise.
    _odf_part(archive.read("META-INF/manifest.xml"))
    for name, data in parts(archive):
        if name.endswith(".xml") and data:
            _odf_part(data)


def _odf_part(data: bytes) -> None:
    for element in xml(data).iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag in _FORBIDDEN:
            raise Found(_FORBIDDEN[tag])
        if tag not in _CLICKED:
            target = next((value for key, value in element.items() if key.endswith("}href")), "")
            if _NETWORK.match(target) or target.lower().startswith("file:"):
                raise Found("file_fetches")
