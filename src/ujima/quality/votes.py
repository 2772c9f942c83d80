"""Votes on one problem as they stream in from the database: 14 bytes each, names kept once."""

from array import array
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from ujima.quality.judgments import Coded, Judgments


class Votes:
    """Who said what of which unit; a unit is its number, a person her place in a list of names."""

    def __init__(self) -> None:
        self.unit = array("q")
        self.person = array("i")
        self.label = array("h")

    def __len__(self) -> int:
        return len(self.unit)

    def add(self, unit: int, person: int, label: int) -> None:
        """One vote."""
        self.unit.append(unit)
        self.person.append(person)
        self.label.append(label)

    def units(self) -> set[int]:
        """The units that have any."""
        return set(self.unit)

    def coded(
        self,
        people: Sequence[Hashable],
        classes: int,
        opinions: Mapping[int, int],
        opinion_of: Hashable,
    ) -> Coded[int, Hashable, int]:
        """All of them as arrays, by unit and then by the person's name as text, so that the order
        in which they came does not show.

        people       the names behind the places
        opinions     unit -> a label more, as said by `opinion_of`
        """
        names = [*people, opinion_of] if opinions else list(people)
        unit = np.array([*opinions] or [], np.int64)
        said = np.array([*opinions.values()] or [], np.int16)
        unit = np.concatenate([np.frombuffer(self.unit, np.int64), unit])
        label = np.concatenate([np.frombuffer(self.label, np.int16), said])
        other = np.full(len(opinions), len(people), np.int32)
        person = np.concatenate([np.frombuffer(self.person, np.int32), other])
        by_name = np.array(sorted(range(len(names)), key=lambda at: str(names[at])), np.intp)
        rank = np.empty(len(names), np.intp)
        rank[by_name] = np.arange(len(names))
        order = np.lexsort((rank[person], unit))
        tasks, task = np.unique(unit[order], return_inverse=True)
        ranks, worker = np.unique(rank[person[order]], return_inverse=True)
        return Coded(
            Judgments(task, worker, label[order], len(tasks), len(ranks), classes),
            tasks.tolist(),
            [names[at] for at in by_name[ranks].tolist()],
            list(range(classes)),
        )
