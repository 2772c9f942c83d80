"""True answers teach how much confidence to give; those held as known do not feign any."""

import csv
from pathlib import Path

import numpy as np
import pytest

from ujima.quality.files.asked import Asked, Inferred
from ujima.quality.files.run import infer_file

DOG = Path(__file__).parents[3] / "data/crowd/dog"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 60 true answers."""
    path = tmp_path_factory.mktemp("gold") / "gold.csv"
    path.write_text("".join((DOG / "gold.csv").read_text().splitlines(keepends=True)[:61]))
    return path


@pytest.fixture(scope="module")
def found(known: Path) -> dict[str, Inferred]:
    """Nothing known; known answers that teach confidence; the same held as known."""
    labels = DOG / "labels.csv"
    return {
        "none": infer_file(labels, "choice", Asked()),
        "taught": infer_file(labels, "choice", Asked(), gold=known),
        "held": infer_file(labels, "choice", Asked(), gold=known, use_gold=True),
    }


def off(run: Inferred, known: Path) -> float:
    """How far mean confidence is from accuracy on the tasks that are not among those known."""
    with (DOG / "gold.csv").open() as file, known.open() as part:
        truth = {row["task"]: row["label"] for row in csv.DictReader(file)}
        told = {row["task"] for row in csv.DictReader(part)}
    rest = [row for row in run.rows if row[0] in truth.keys() - told]
    return float(np.mean([row[2] - (row[1] == truth[row[0]]) for row in rest]))


def test_true_answers_teach_confidence_and_change_no_answer(found, known):
    assert [r[:2] for r in found["none"].rows] == [r[:2] for r in found["taught"].rows]
    assert abs(off(found["taught"], known)) < abs(off(found["none"], known))


def test_answers_held_as_known_are_certain_and_make_the_others_no_surer(found, known):
    told = {line.split(",")[0] for line in known.read_text().splitlines()[1:]}
    held = {row[0]: row[2] for row in found["held"].rows}
    none = {row[0]: row[2] for row in found["none"].rows}
    assert {held[task] for task in told} == {1.0}
    rest = held.keys() - told
    assert np.mean([held[t] - none[t] for t in rest]) == pytest.approx(0, abs=0.03)
