"""Reads a labelling config, and says everything that is wrong with it at once.

The tags and attributes are those of Label Studio with the same meaning (docs/labelling.md lists
them); what is not listed here is refused, never ignored.
"""

import re
from typing import Any

from ujima.work.labelling.addresses import is_image_address
from ujima.work.labelling.model import (
    Block,
    Choice,
    Choices,
    Header,
    Image,
    Labelling,
    Text,
    TextArea,
    Value,
)
from ujima.work.labelling.problems import BadConfig, Problem
from ujima.work.labelling.reader import Tag, read_xml

#: tag -> its attributes; True where it must be given
ATTRIBUTES: dict[str, dict[str, bool]] = {
    "View": {},
    "Header": {"value": True, "size": False},
    "Text": {"name": True, "value": True},
    "Image": {"name": True, "value": True},
    "Choices": {
        "name": True,
        "toName": True,
        "choice": False,
        "required": False,
        "showInline": False,
        "showInLine": False,  # as Label Studio's own templates spell it
    },
    "Choice": {"value": True, "alias": False, "hotkey": False, "hint": False},
    "TextArea": {
        "name": True,
        "toName": True,
        "rows": False,
        "placeholder": False,
        "maxSubmissions": False,
        "required": False,
    },
}
#: where each tag may stand; the outermost stands inside nothing
PARENTS = {tag: "Choices" if tag == "Choice" else "View" for tag in ATTRIBUTES}

NAME = re.compile(r"[^\W\d][\w.-]{0,63}")
COLUMN = re.compile(r"\$([^\W\d][\w.-]{0,63})")
#: Label Studio fills in a $column inside a sentence; we do not, so it must not pass as words
COLUMN_IN_WORDS = re.compile(r"\$[^\W\d]")
MOST_ROWS = 20


def parse(xml: str | bytes) -> Labelling:
    """Read a config.

    Refuses: BadConfig, with all its problems; where the XML itself is broken, the first only.
    """
    reading = _Reading()
    reading.document(read_xml(xml))
    if reading.problems:
        raise BadConfig(
            sorted(reading.problems, key=lambda p: (p.place["line"], p.place["column"]))
        )
    return Labelling(tuple(reading.blocks))


def _place_in_file(problem: Problem) -> tuple[int, int]:
    return problem.place["line"], problem.place["column"]


class _Reading:
    """Walks the tags once, keeping the blocks, the names in use and the problems."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        #: name -> the tag that took it
        self.names: dict[str, Tag] = {}
        #: what each question is about: (question's tag, name in toName)
        self.aims: list[tuple[Tag, str]] = []

    def problem(self, code: str, at: Tag, attribute: str = "", /, **facts: Any) -> None:
        self.problems.append(Problem(code, at.place(attribute), facts))

    def document(self, root: Tag) -> None:
        if root.name != "View":
            self.problem("wrong_root", root, tag=root.name)
            return
        self.tag(root)
        self.check_aims()
        if not self.problems and not self.aims:
            self.problem("no_question", root)

    def tag(self, tag: Tag) -> None:
        self.check_attributes(tag)
        if tag.words.strip():
            self.problem("stray_text", tag)
        # a block is read before its children are checked, so that blocks keep their order
        if tag.name != "View" and tag.name != "Choice":
            self.blocks.append(getattr(self, "read_" + tag.name.lower())(tag))
        for child in tag.children:
            self.child(tag, child)

    def child(self, parent: Tag, child: Tag) -> None:
        if child.name not in ATTRIBUTES:
            self.problem("unknown_tag", child, tag=child.name, supported=", ".join(ATTRIBUTES))
        elif PARENTS[child.name] != parent.name:
            self.problem("misplaced_tag", child, tag=child.name, parent=parent.name)
        else:
            self.tag(child)

    def check_attributes(self, tag: Tag) -> None:
        known = ATTRIBUTES[tag.name]
        for attribute in tag.attributes:
            if attribute not in known:
                self.problem(
                    "unknown_attribute",
                    tag,
                    attribute,
                    tag=tag.name,
                    attribute=attribute,
                    supported=", ".join(known) or "none",
                )
        for attribute, is_needed in known.items():
            if is_needed and not tag.attributes.get(attribute, "").strip():
                self.problem("missing_attribute", tag, attribute, tag=tag.name, attribute=attribute)

    def check_aims(self) -> None:
        for tag, to_name in self.aims:
            aim = self.names.get(to_name)
            if to_name and (aim is None or aim.name not in ("Text", "Image")):
                self.problem("unknown_to_name", tag, "toName", found=to_name)

    # blocks

    def read_header(self, tag: Tag) -> Header:
        return Header(self.value(tag), self.number(tag, "size", default=4, most=6))

    def read_text(self, tag: Tag) -> Text:
        return Text(self.name(tag), self.value(tag))

    def read_image(self, tag: Tag) -> Image:
        value = self.value(tag)
        if value.literal and not is_image_address(value.literal):
            self.problem("bad_image_address", tag, "value")
        return Image(self.name(tag), value)

    def read_choices(self, tag: Tag) -> Choices:
        inline = "showInLine" if "showInLine" in tag.attributes else "showInline"
        return Choices(
            name=self.name(tag),
            to_name=self.to_name(tag),
            choices=self.choices(tag),
            multiple=self.one_of(tag, "choice", ("single", "multiple")) == "multiple",
            required=self.yes(tag, "required"),
            inline=self.yes(tag, inline),
        )

    def read_textarea(self, tag: Tag) -> TextArea:
        self.one_of(tag, "maxSubmissions", ("1",))
        return TextArea(
            name=self.name(tag),
            to_name=self.to_name(tag),
            rows=self.number(tag, "rows", default=3, most=MOST_ROWS),
            placeholder=tag.attributes.get("placeholder", ""),
            required=self.yes(tag, "required"),
        )

    def choices(self, tag: Tag) -> tuple[Choice, ...]:
        choices = []
        taken: dict[str, Tag] = {}
        for child in tag.children:
            if child.name == "Choice":
                choices.append(self.choice(child, taken))
        if not choices:
            self.problem("choices_without_choice", tag)
        return tuple(choices)

    def choice(self, tag: Tag, taken: dict[str, Tag]) -> Choice:
        choice = Choice(
            value=tag.attributes.get("value", "").strip(),
            alias=tag.attributes.get("alias", "").strip(),
            hotkey=tag.attributes.get("hotkey", ""),
            hint=tag.attributes.get("hint", ""),
        )
        # one word must never mean two choices, whether it is the shown or the recorded one
        for attribute, word in (("value", choice.value), ("alias", choice.alias)):
            first = taken.setdefault(word, tag) if word else tag
            if first is not tag:
                self.problem("duplicate_choice", tag, attribute, found=word, first_line=first.line)
        return choice

    # attributes

    def name(self, tag: Tag) -> str:
        name = tag.attributes.get("name", "").strip()
        if not name:
            return ""
        first = self.names.setdefault(name, tag)
        if not NAME.fullmatch(name):
            self.problem("bad_name", tag, "name", found=name)
        elif first is not tag:
            self.problem("duplicate_name", tag, "name", found=name, first_line=first.line)
        return name

    def to_name(self, tag: Tag) -> str:
        to_name = tag.attributes.get("toName", "").strip()
        self.aims.append((tag, to_name))
        return to_name

    def value(self, tag: Tag) -> Value:
        written = tag.attributes.get("value", "").strip()
        column = COLUMN.fullmatch(written)
        if column:
            return Value(column=column[1])
        if written.startswith("$") or COLUMN_IN_WORDS.search(written):
            self.problem("bad_value", tag, "value", found=written)
        return Value(literal=written)

    def yes(self, tag: Tag, attribute: str) -> bool:
        return self.one_of(tag, attribute, ("false", "true")) == "true"

    def one_of(self, tag: Tag, attribute: str, allowed: tuple[str, ...]) -> str:
        found = tag.attributes.get(attribute, allowed[0]).strip()
        if found not in allowed:
            self.bad_attribute(tag, attribute, " or ".join(allowed))
        return found

    def number(self, tag: Tag, attribute: str, *, default: int, most: int) -> int:
        found = tag.attributes.get(attribute, str(default)).strip()
        if found.isascii() and found.isdigit() and len(found) < 4 and 1 <= int(found) <= most:
            return int(found)
        self.bad_attribute(tag, attribute, f"1 to {most}")
        return default

    def bad_attribute(self, tag: Tag, attribute: str, expected: str) -> None:
        self.problem(
            "bad_attribute",
            tag,
            attribute,
            tag=tag.name,
            attribute=attribute,
            expected=expected,
            found=tag.attributes[attribute],
        )
