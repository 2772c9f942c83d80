"""What comes out of a file: coded columns, and what was wrong in it."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ujima.quality.judgments import Codes

#: places told of each fault; a list of ten thousand helps nobody
PLACES = 5


@dataclass(frozen=True, eq=False)
class Column:
    """A column of text as codes: `values[codes[i]]` is row i's; -1 where it is empty."""

    codes: NDArray[np.int32]
    values: list[str]

    def texts(self) -> list[str]:
        """Each row's text; empty where there is none."""
        values = [*self.values, ""]
        return [values[code] for code in self.codes.tolist()]

    def numbers(self) -> NDArray[np.float64]:
        """Each row's number; NaN where there is none, or what stands there is no finite number."""
        found = np.array([*map(number, self.values), np.nan])
        return found[self.codes]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of thing that was wrong.

    code     stable: missing, twice, changed, unknown, unknown_task, bad_number, no_size, no_winner,
             or a reader's own
    column   the file's; empty where whole rows are meant
    rows     the first of them, as the file's own people count them
    effect   what was done about it: "set aside", "counted once", "the last one counts"
    """

    code: str
    column: str
    count: int
    rows: tuple[int, ...]
    sentence: str
    effect: str


@dataclass(frozen=True, eq=False)
class Table:
    """Judgments as read.

    row       (n,) where each stands in the file (CSV: the header is row 1; JSONL: lines)
    columns   the columns asked for, under the names asked for
    faults    what was wrong, and what was done about it
    read      rows that the file holds, those set aside too
    """

    columns: dict[str, Column]
    row: NDArray[np.int32]
    faults: tuple[Fault, ...]
    read: int

    def __len__(self) -> int:
        return len(self.row)

    def kept(self, rows: Codes | NDArray[np.bool_], *faults: Fault) -> "Table":
        """Only these rows, and more faults told. Names that no row has any more are gone."""
        columns = {name: _narrowed(c.codes[rows], c.values) for name, c in self.columns.items()}
        return Table(columns, self.row[rows], (*self.faults, *faults), self.read)


@dataclass
class Filling:
    """Columns as they fill, row by row: four bytes a value, one object a distinct text."""

    names: Sequence[str]
    codes: dict[str, "array[int]"] = field(init=False)
    known: dict[str, dict[str, int]] = field(init=False)
    rows: "array[int]" = field(default_factory=lambda: array("i"))

    def __post_init__(self) -> None:
        self.codes = {name: array("i") for name in self.names}
        self.known = {name: {} for name in self.names}

    def add(self, row: int, values: Sequence[str]) -> None:
        """One row; an empty text is none."""
        self.rows.append(row)
        for name, value in zip(self.names, values, strict=True):
            known = self.known[name]
            self.codes[name].append(known.setdefault(value, len(known)) if value else -1)

    def table(self, faults: Sequence[Fault], read: int) -> Table:
        """What has been filled so far."""
        columns = {
            name: Column(
                np.frombuffer(codes, np.int32) if codes else np.empty(0, np.int32),
                list(self.known[name]),
            )
            for name, codes in self.codes.items()
        }
        rows = np.frombuffer(self.rows, np.int32) if self.rows else np.empty(0, np.int32)
        return Table(columns, rows, tuple(faults), read)


def fault(
    code: str, where: Any, sentence: str, effect: str, *, column: str = "", count: int | None = None
) -> Fault:
    """A fault from the rows (as the file counts them) where it is."""
    rows = tuple(int(row) for row in where[:PLACES])
    return Fault(code, column, len(where) if count is None else count, rows, sentence, effect)


def _narrowed(codes: NDArray[np.int32], values: list[str]) -> Column:
    used, narrow = np.unique(codes, return_inverse=True)
    gone = int(len(used) > 0 and used[0] == -1)
    names = [values[code] for code in used[gone:].tolist()]
    return Column((narrow - gone).astype(np.int32), names)


def number(text: str) -> float:
    """The finite number that a text is; NaN where it is none."""
    try:
        found = float(text)
    except ValueError:
        return np.nan
    return found if np.isfinite(found) else np.nan
