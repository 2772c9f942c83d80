"""One person's several answers to one task: repeats count once, and changed minds are told."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ujima.quality.files.errors import RepeatedJudgments
from ujima.quality.readers.table import PLACES, Table, fault


def once(table: Table, who: Sequence[str], what: Sequence[str], repeats: str) -> Table:
    """At most one row for each distinct `who`; of several, the first or the last counts.

    who       columns that together may occur once (a task and a worker)
    what      columns that hold the answer

    Refuses RepeatedJudgments where a person's answers differ and `repeats` is "refuse".
    """
    key = _key(table, who)
    _, first = np.unique(key, return_index=True)
    if len(first) == len(table):
        return table
    _, back = np.unique(key[::-1], return_index=True)
    last = len(table) - 1 - back
    answer = _key(table, what)
    place = np.unique(key, return_inverse=True)[1]
    other = np.zeros(len(first), np.bool_)
    other[place[answer != answer[first][place]]] = True
    again = np.setdiff1d(np.arange(len(table)), first)
    same, changed = again[~other[place[again]]], again[other[place[again]]]
    if len(changed) and repeats == "refuse":
        raise RepeatedJudgments(
            f"A person answers a task again, and otherwise ({len(changed)} times).",
            place={"rows": table.row[changed][:PLACES].tolist()},
        )
    faults = []
    if len(same):
        told = "A person gives the same answer to a task again."
        faults.append(fault("twice", table.row[same], told, "counted once"))
    if len(changed):
        told = "A person answers a task again, and otherwise."
        faults.append(fault("changed", table.row[changed], told, f"the {repeats} one counts"))
    keep: NDArray[np.intp] = np.sort(first if repeats == "first" else last)
    return table.kept(keep, *faults)


def distinct(table: Table, columns: Sequence[str]) -> Table:
    """Every row once; the same row again is told."""
    key = _key(table, columns)
    _, first = np.unique(key, return_index=True)
    if len(first) == len(table):
        return table
    again = table.row[np.setdiff1d(np.arange(len(table)), first)]
    told = "A row is the same as an earlier one."
    return table.kept(np.sort(first), fault("twice", again, told, "counted once"))


def _key(table: Table, columns: Sequence[str]) -> NDArray[np.int64]:
    """(n,) a number for each row that is the same where all these columns are."""
    key = np.zeros(len(table), np.int64)
    for name in columns:
        codes = table.columns[name].codes
        key = key * (int(codes.max(initial=0)) + 2) + codes + 1
        key = np.unique(key, return_inverse=True)[1]
    return key
