"""`ujima infer` as its users run it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
CROWD = ROOT / "tests/data/crowd"
RTE = ROOT / "src/ujima/commands/rte"


def infer(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        [sys.executable, "-m", "ujima.commands.main", "infer", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    )
    assert ran.returncode == code, ran.stderr
    return ran


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_choices_are_inferred_scored_and_shown(tmp_path: Path) -> None:
    out, summary, report = tmp_path / "r.csv", tmp_path / "s.json", tmp_path / "r.html"
    infer(
        RTE / "labels.csv",
        "--gold",
        RTE / "gold.csv",
        "--out",
        out,
        "--json",
        summary,
        "--report",
        report,
    )
    found = json.loads(summary.read_text())
    gold = {row["task"]: row["label"] for row in rows_of(RTE / "gold.csv")}
    results = rows_of(out)
    right = sum(gold[row["task"]] == row["label"] for row in results) / len(results)
    assert list(results[0]) == ["task", "label", "confidence", "judgments"]
    assert found["accuracy"] == pytest.approx(right, abs=0.002)
    assert found["accuracy"] >= 0.926
    assert found["accuracy_low"] < found["accuracy"] < found["accuracy_high"]
    assert found["calibration_error"] < found["calibration_error_raw"]
    assert (found["method"], found["tasks"], found["workers"]) == ("ibcc", 800, 164)
    assert "<script" not in report.read_text()


def test_gold_scores_and_changes_no_answer_unless_it_is_to_be_used(tmp_path: Path) -> None:
    labels, gold = CROWD / "cf/labels.csv", CROWD / "cf/gold.csv"
    infer(labels, "--out", tmp_path / "without.csv")
    infer(labels, "--gold", gold, "--out", tmp_path / "with.csv")
    infer(
        labels,
        "--gold",
        gold,
        "--use-gold",
        "--out",
        tmp_path / "used.csv",
        "--json",
        tmp_path / "used.json",
    )
    without, with_gold, used = (
        [row["label"] for row in rows_of(tmp_path / f"{name}.csv")]
        for name in ("without", "with", "used")
    )
    true = {row["task"]: row["label"] for row in rows_of(gold)}
    assert without == with_gold
    assert used == [true[row["task"]] for row in rows_of(tmp_path / "used.csv")]
    assert 0.8 < json.loads((tmp_path / "used.json").read_text())["accuracy"] < 1


@pytest.mark.parametrize(
    ("name", "kind", "score", "least", "most"),
    [
        ("emotion", "number", "rmse", 10, 15.1),
        ("speech", "text", "word_error_rate", 0.04, 0.075),
        ("boxes", "boxes", "f1", 0.92, 1),
        ("web", "ordinal", "mean_absolute_error", 0.1, 0.5),
    ],
)
def test_other_kinds_reach_what_they_should(
    tmp_path: Path, name: str, kind: str, score: str, least: float, most: float
) -> None:
    folder, summary = CROWD / name, tmp_path / "s.json"
    infer(folder / "labels.csv", "--type", kind, "--gold", folder / "gold.csv", "--json", summary)
    assert least <= json.loads(summary.read_text())[score] <= most


def test_spans_several_choices_and_pairs(tmp_path: Path) -> None:
    text = tmp_path / "spans.csv"
    text.write_text(
        "task,worker,start,end\n"
        + "".join(f"t,w{i},5,17\n" for i in range(3))
        + "t,w4,,\nt,w5,9,3\n"
    )
    ran = infer(text, "--type", "spans")
    assert ran.stdout.splitlines()[1].startswith("t,5,17,")
    assert "What is marked has no size (row 6): set aside." in ran.stderr
    several = tmp_path / "multi.csv"
    several.write_text(
        "task,worker,label\n"
        + "".join(
            f"{t},{w},{label}\n"
            for w in "xyz"
            for t, label in (("1", "a|b"), ("2", "b"), ("3", "c"))
        )
    )
    assert [
        line.split(",")[1] for line in infer(several, "--type", "multi").stdout.split()[1:]
    ] == ["a|b", "b", "c"]
    duels = tmp_path / "pairs.csv"
    duels.write_text(
        "worker,left,right,label\n"
        + "".join(
            f"{w},{a},{b},{max(a, b)}\n" for w in "xyz" for a in "1234" for b in "1234" if a < b
        )
    )
    ranked = infer(duels, "--type", "pairs").stdout.split()[1:]
    assert [line.split(",")[0] for line in ranked] == ["4", "3", "2", "1"]


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("task,worker,label\nt,w,a\nt,w,b\nu,w,a\n", ["--strict"], "Nothing was written"),
        ("task,worker,label\nt,w,a\nt,w,b\n", ["--duplicates", "refuse"], "otherwise"),
        ("task,worker,label\nt,w,a\n", [], "nothing to infer"),
        ("task,worker\nt,w\n", [], "no column label"),
        ("task,worker,label\nt,w,a\nu,w,b\n", ["--column", "task"], "NAME=IN_FILE"),
        ("task,worker,label\nt,w,a\n", ["--type", "number"], "no number"),
        ("task,worker,label\nt,w,1\n", ["--type", "number", "--method", "mace"], "one method"),
        ("task,worker,label\nt,w,a\nt,v,b\n", ["--gold", "{self}x"], "No such file"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence_and_nothing_is_written(
    tmp_path: Path, text: str, options: list[str], says: str
) -> None:
    path, out = tmp_path / "labels.csv", tmp_path / "out.csv"
    path.write_text(text)
    given = [option.replace("{self}", str(path)) for option in options]
    ran = infer(path, *given, "--out", out, code=1)
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["labels.csv"]


def test_labels_outside_the_classes_are_told_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("task,worker,label\nt,w,good\nt,v,godo\nu,w,bad\n")
    ran = infer(path, "--classes", "bad,fair,good", "--type", "ordinal")
    assert (
        "A label is not among the classes; the first such is 'godo' (row 3): set aside."
        in ran.stderr
    )
    assert ran.stdout.splitlines()[0] == "task,label,confidence,judgments,median"


def test_the_library_and_the_command_need_no_django() -> None:
    program = (
        "import sys\n"
        "from ujima.quality.files.run import infer_file\n"
        "from ujima.commands.main import parser\n"
        "parser()\n"
        "assert not any(m.split('.')[0] in ('django', 'sklearn', 'numba') for m in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT / "src")
