"""The parts of a labelling config once it has been read: plain, frozen, ready to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal["single", "multiple", "text"]


@dataclass(frozen=True)
class Value:
    """What a block shows: the unit's `column` (empty if none), or else the words of `literal`."""

    column: str = ""
    literal: str = ""

    def of(self, data: Mapping[str, str]) -> str:
        """The text to show for one unit; KeyError if the unit lacks the column."""
        return data[self.column] if self.column else self.literal


@dataclass(frozen=True)
class Header:
    """A heading; `size` is 1 (largest) to 6."""

    value: Value
    size: int = 4


@dataclass(frozen=True)
class Text:
    """A text of the unit, shown as it is, never as HTML."""

    name: str
    value: Value


@dataclass(frozen=True)
class Image:
    """An image of the unit; its value is an https or site-relative address."""

    name: str
    value: Value


@dataclass(frozen=True)
class Choice:
    """One possible answer: shown as `value`, recorded as `alias` where the config gives one."""

    value: str
    alias: str = ""
    hotkey: str = ""
    hint: str = ""

    @property
    def recorded(self) -> str:
        """The word that stands in answers, gold, results and exports."""
        return self.alias or self.value


@dataclass(frozen=True)
class Choices:
    """A question with given answers; `to_name` is the text or image it is about."""

    name: str
    to_name: str
    choices: tuple[Choice, ...]
    multiple: bool = False
    required: bool = False
    inline: bool = False


@dataclass(frozen=True)
class TextArea:
    """A question answered in the worker's own words; `rows` is the height of the box in lines."""

    name: str
    to_name: str
    rows: int = 3
    placeholder: str = ""
    required: bool = False


Block = Header | Text | Image | Choices | TextArea


@dataclass(frozen=True)
class Question:
    """What is asked, without how it is shown. `choices` are the recorded words, in order."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Labelling:
    """A whole config. `blocks` are in the order in which a worker sees them."""

    blocks: tuple[Block, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(_question(b) for b in self.blocks if isinstance(b, Choices | TextArea))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names that every unit's data must hold, each once, in the order of first use."""
        shown = (b.value.column for b in self.blocks if isinstance(b, Header | Text | Image))
        return tuple(dict.fromkeys(column for column in shown if column))

    @cached_property
    def image_columns(self) -> frozenset[str]:
        """Those of `columns` whose values must be addresses of images."""
        images = (b.value.column for b in self.blocks if isinstance(b, Image))
        return frozenset(column for column in images if column)

    @cached_property
    def words(self) -> dict[str, dict[str, str] | None]:
        """For each question: what may be answered -> how it is recorded; None for own words.

        A choice is known by its shown value and by its alias; both are recorded as the alias.
        """
        return {
            b.name: _recorded_words(b) if isinstance(b, Choices) else None
            for b in self.blocks
            if isinstance(b, Choices | TextArea)
        }


def _question(block: Choices | TextArea) -> Question:
    if isinstance(block, TextArea):
        return Question(block.name, "text", (), block.required)
    recorded = tuple(choice.recorded for choice in block.choices)
    return Question(
        block.name, "multiple" if block.multiple else "single", recorded, block.required
    )


def _recorded_words(block: Choices) -> dict[str, str]:
    shown = {choice.value: choice.recorded for choice in block.choices}
    return shown | {choice.recorded: choice.recorded for choice in block.choices}
