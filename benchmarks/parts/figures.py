"""Figures and their bars, gathered while a benchmark runs and printed as its last line."""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field

_began = time.monotonic()


def say(line: str) -> None:
    """Progress, for the person who waits."""
    print(f"[{time.monotonic() - _began:6.1f} s] {line}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    peer    the same number of the program beside which it was measured, or None
    ratio   how many times better than the peer's; None without a peer
    bar     what it should reach, as words: "<= 4", ">= 40 x"; "" where it is only reported
    met     whether it does; None without a bar
    """

    name: str
    value: float
    unit: str
    peer: float | None = None
    ratio: float | None = None
    bar: str = ""
    met: bool | None = None


@dataclass
class Report:
    """What a benchmark found."""

    bench: str
    figures: list[Figure] = field(default_factory=list)

    def at_most(self, name: str, value: float, unit: str, bar: float, peer: float = 0) -> None:
        """A number that should be small."""
        ratio = round(peer / value, 1) if peer and value else None
        self._add(Figure(name, value, unit, peer or None, ratio, f"<= {bar:g}", value <= bar))

    def at_least(self, name: str, value: float, unit: str, bar: float, peer: float = 0) -> None:
        """A number that should be large."""
        ratio = round(value / peer, 2) if peer else None
        self._add(Figure(name, value, unit, peer or None, ratio, f">= {bar:g}", value >= bar))

    def times_peer(self, name: str, value: float, unit: str, bar: float, peer: float) -> None:
        """A number that should be so many times the peer's; without a peer it is reported."""
        if not peer:
            return self._add(Figure(name, value, unit))
        ratio = round(value / peer, 1)
        return self._add(Figure(name, value, unit, peer, ratio, f">= {bar:g} x", ratio >= bar))

    def reported(self, name: str, value: float, unit: str, peer: float = 0) -> None:
        """A number without a bar."""
        self._add(Figure(name, value, unit, peer or None, round(value / peer, 2) if peer else None))

    def _add(self, figure: Figure) -> None:
        self.figures.append(figure)
        beside = f" (peer {figure.peer:g})" if figure.peer else ""
        verdict = {None: "", True: "  reached", False: "  MISSED"}[figure.met]
        bar = f"  bar {figure.bar}" if figure.bar else ""
        say(f"  {figure.name}: {figure.value:g} {figure.unit}{beside}{bar}{verdict}")

    def print(self) -> None:
        """The last line of standard output."""
        found = {"bench": self.bench, "figures": [asdict(figure) for figure in self.figures]}
        print(json.dumps(found), flush=True)


def load() -> str:
    """How busy the machine is: its load over one minute and its processors."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
