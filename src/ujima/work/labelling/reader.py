"""A safe XML reader that knows where each tag stands.

It takes plain tags, attributes and text, and nothing else: no document type, so no entity of
anyone's making and no file or address fetched from outside; a cap on size and on depth.
"""

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from ujima.work.labelling.problems import BadConfig, Problem

#: bytes; the largest config in Label Studio's own template gallery is under a tenth of it
MAX_BYTES = 64 * 1024
#: tags inside tags; real configs stay under ten
MAX_DEPTH = 20


@dataclass
class Tag:
    """One tag as written. `line` and `column` count from 1; `words` is the text inside it."""

    name: str
    attributes: dict[str, str]
    line: int
    column: int
    children: "list[Tag]" = field(default_factory=list)
    words: str = ""

    def place(self, attribute: str = "") -> dict[str, Any]:
        """Where this tag, or one of its attributes, stands, for a refusal."""
        return {
            "line": self.line,
            "column": self.column,
            "tag": self.name,
            "attribute": attribute,
        }


def read_xml(xml: str | bytes) -> Tag:
    """Read a document into its outermost tag.

    Refuses: BadConfig (too_large, not_utf8, not_well_formed, declares_entities,
    processing_instruction, too_deep).
    """
    return _Reader().read(_checked_bytes(xml))


def _checked_bytes(xml: str | bytes) -> bytes:
    # a text's UTF-8 form is never shorter than the text, so a giant is refused before copying
    if len(xml) > MAX_BYTES:
        raise _refusal("too_large", limit=MAX_BYTES)
    try:
        content = xml.encode() if isinstance(xml, str) else xml.decode("utf-8-sig").encode()
    except UnicodeError as error:
        raise _refusal("not_utf8") from error
    if len(content) > MAX_BYTES:
        raise _refusal("too_large", limit=MAX_BYTES)
    return content.removeprefix(b"\xef\xbb\xbf")


def _refusal(code: str, line: int = 1, column: int = 1, tag: str = "", **facts: Any) -> BadConfig:
    place = {"line": line, "column": column, "tag": tag, "attribute": ""}
    return BadConfig([Problem(code, place, facts)])


class _Reader:
    """Builds the tree while expat reads; `open_tags` is the way from the root to here."""

    def __init__(self) -> None:
        # the encoding is given, so that a declaration inside the text cannot change it
        self.expat = expat.ParserCreate("utf-8")
        self.expat.StartElementHandler = self.start
        self.expat.EndElementHandler = self.end
        self.expat.CharacterDataHandler = self.words
        self.expat.StartDoctypeDeclHandler = self.doctype
        self.expat.ProcessingInstructionHandler = self.instruction
        self.expat.buffer_text = True
        self.root: Tag | None = None
        self.open_tags: list[Tag] = []

    def read(self, content: bytes) -> Tag:
        try:
            self.expat.Parse(content, True)
        except expat.ExpatError as error:
            detail = expat.ErrorString(error.code)
            raise _refusal(
                "not_well_formed", error.lineno, error.offset + 1, detail=detail
            ) from error
        if self.root is None:  # expat refuses a document without a root; this tells the types
            raise _refusal("not_well_formed", detail="no element found")
        return self.root

    def here(self) -> tuple[int, int]:
        return self.expat.CurrentLineNumber, self.expat.CurrentColumnNumber + 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = Tag(name, attributes, *self.here())
        if len(self.open_tags) >= MAX_DEPTH:
            raise _refusal("too_deep", tag.line, tag.column, name, limit=MAX_DEPTH)
        if self.open_tags:
            self.open_tags[-1].children.append(tag)
        else:
            self.root = tag
        self.open_tags.append(tag)

    def end(self, name: str) -> None:
        self.open_tags.pop()

    def words(self, text: str) -> None:
        if self.open_tags:
            self.open_tags[-1].words += text

    def doctype(self, *_: object) -> None:
        raise _refusal("declares_entities", *self.here())

    def instruction(self, target: str, *_: object) -> None:
        raise _refusal("processing_instruction", *self.here(), target)
