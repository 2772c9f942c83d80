"""Results go where they are to go, or nowhere: nothing else is harmed."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ujima.commands.main import main
from ujima.quality.errors import BadJudgments
from ujima.quality.files.errors import NoSuchPlace
from ujima.quality.files.written import whole
from ujima.quality.judgments import code
from ujima.quality.truth.infer import infer
from ujima.quality.truth.places import How

LABELS = "task,worker,label\nt,w,a\nt,v,a\nt,x,a\nu,w,b\nu,v,b\n"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(LABELS)
    return path


def ran(*given: object) -> int:
    return main(["infer", *map(str, given)])


def test_a_link_stays_a_link_and_a_pipe_a_pipe(labels: Path, tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.csv", tmp_path / "link.csv", tmp_path / "pipe"
    target.write_text("old")
    link.symlink_to(target)
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()), daemon=True)
    reader.start()
    assert ran(labels, "--out", link, "--json", pipe, "--report", "/dev/null") == 0
    reader.join(20)
    assert link.is_symlink()
    assert target.read_text().startswith("task,label")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert '"accuracy"' not in got[0]
    assert '"method"' in got[0]
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--out", "{}/labels.csv"], "--out and LABELS are the same file"),
        (["--out", "{}/link.csv"], "--out and LABELS are the same file"),
        (["--json", "{}/a", "--report", "{}/a"], "--report and --json are the same file"),
        (["--out", "{}/r.csv", "--json", "{}/none/a"], "there is no folder"),
        (["--out", "{}/r.csv", "--report", "{}"], "is a folder"),
    ],
)
def test_a_place_that_will_not_do_is_refused_before_anything_is_written(
    labels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    (tmp_path / "link.csv").symlink_to(labels)
    assert ran(labels, *(one.format(tmp_path) for one in options)) == 1
    assert says in capsys.readouterr().err
    assert labels.read_text() == LABELS
    assert sorted(file.name for file in tmp_path.iterdir()) == ["labels.csv", "link.csv"]


def test_standard_output_by_its_name_is_written_on(labels: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    with log.open("a") as file:
        program = "from ujima.commands.main import main; import sys; sys.exit(main(sys.argv[1:]))"
        given = [sys.executable, "-c", program, "infer", labels, "--out", "/dev/stdout"]
        subprocess.run(given, check=True, stdout=file)
    assert log.read_text().startswith("before\ntask,label")


def test_strict_sees_the_faults_of_true_answers(
    labels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, out = tmp_path / "gold.csv", tmp_path / "out.csv"
    gold.write_text("task,label\nt,a\nt,b\n")
    assert ran(labels, "--gold", gold, "--out", out) == 0
    assert "True answers: a task has another answer again (row 3)" in capsys.readouterr().err
    out.unlink()
    assert ran(labels, "--gold", gold, "--out", out, "--strict") == 1
    assert not out.exists()


def test_what_the_disk_refuses_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPlace, match="No such file"), whole(tmp_path / "none/a"):
        pass


@pytest.mark.parametrize(
    "options", [["--threads", "0"], ["--threads=-1"], ["--seed=-1"], ["--separator", ""]]
)
def test_options_that_cannot_be_are_refused(labels: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        ran(labels, *options)


def test_the_library_refuses_them_too() -> None:
    some = code("ttu", "wvw", "aab", "ab").judgments
    with pytest.raises(BadJudgments, match="threads"):
        How(threads=0)
    with pytest.raises(BadJudgments, match="no kernel 'zz'"):
        How(kernel="zz")  # type: ignore[arg-type]
    with pytest.raises(BadJudgments, match="seed"):
        infer(some, "careful", seed=-1)
