"""Public crowd data with known answers, and crowd-kit from the package registry as the peer."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.parts.figures import say
from benchmarks.parts.store import cache
from ujima.quality.judgments import Codes, Judgments, code

ROOT = Path(__file__).parents[2]
#: sets whose licence lets them lie in this repository
OWN = {"rte": ROOT / "src/ujima/commands/rte"}
#: the seven choice sets of the accuracy table
CHOICE = ("rte", "product", "bluebird", "dog", "web", "cf", "cf_amt")
PEER = "1.4.2"


@dataclass(frozen=True, eq=False)
class Choice:
    """A set of single choices: its judgments and the true label of each task, -1 if unknown."""

    name: str
    judgments: Judgments
    truth: Codes
    tasks: list[str]
    classes: list[str]

    def accuracy(self, posterior: np.ndarray) -> float:
        """The share of known tasks that are right; ties are shared."""
        known = self.truth >= 0
        return float(self.right(posterior)[known].mean())

    def right(self, posterior: np.ndarray) -> np.ndarray:
        """(n_tasks,) 1 where right, 0 where wrong, a share where the truth is one of equals."""
        best = posterior >= posterior.max(axis=1, keepdims=True) - 1e-12
        hit = best[np.arange(len(best)), np.maximum(self.truth, 0)]
        shared: np.ndarray = hit / best.sum(axis=1)
        return shared


class Sets:
    """Where the sets lie: those of this repository, and those in a folder of the caller's."""

    def __init__(self, more: Path | None = None) -> None:
        self.more = Path(more) if more else None

    def folder(self, name: str) -> Path | None:
        """A set's folder, or None, said aloud, if it is not there."""
        for at in (OWN.get(name), ROOT / "tests/data/crowd" / name, self.more and self.more / name):
            if at and (at / "labels.csv").exists():
                return at
        say(f"  {name} IS NOT THERE: --data or UJIMA_CROWD names the folder that holds it")
        return None

    def rows(self, name: str, file: str) -> list[dict[str, str]]:
        """The rows of a set's file; none if the set is not there."""
        at = self.folder(name)
        if at is None:
            return []
        with (at / file).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def choices(self) -> Iterator[Choice]:
        """The choice sets that are there."""
        for name in CHOICE:
            labels = self.rows(name, "labels.csv")
            if not labels:
                continue
            gold = {row["task"]: row["label"] for row in self.rows(name, "gold.csv")}
            said = [row["label"] for row in labels]
            classes = sorted(set(said) | set(gold.values()))
            coded = code(
                [row["task"] for row in labels], [row["worker"] for row in labels], said, classes
            )
            truth = [classes.index(gold[t]) if t in gold else -1 for t in coded.tasks]
            yield Choice(name, coded.judgments, np.array(truth), coded.tasks, classes)


def crowd_kit() -> Path:
    """The Python of an environment that holds crowd-kit, made on first use.

    `transformers`, which it names, is left out: only its text methods import it, and it is large.
    scikit-learn is one of its time; some of its methods fail with newer ones.
    """
    home = cache() / f"crowd-kit-{PEER}"
    if not (home / "made").exists():
        say(f"installing crowd-kit {PEER} into an environment of its own")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(home / "bin/python"), "-m", "pip", "install", "-qq"]
        subprocess.run([*pip, "--no-deps", f"crowd-kit=={PEER}"], check=True, stdout=sys.stderr)
        more = ["scikit-learn==1.5.2", "pandas==2.2.3", "numpy<2.3", "tqdm", "attrs", "nltk"]
        subprocess.run([*pip, *more], check=True, stdout=sys.stderr)
        (home / "made").touch()
    return home / "bin/python"
