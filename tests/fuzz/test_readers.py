"""A bounded share of the readers' fuzzing; `tests.fuzz.readers` runs it as long as one likes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: a few seconds each; the same seed makes the same files
RUNS = {"csv": 4000, "jsonl": 4000, "json": 4000, "parquet": 1500}


@pytest.mark.parametrize("format", RUNS)
def test_any_bytes_are_read_whole_or_refused_in_a_sentence(format: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this Python")
    ran = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "tests.fuzz.readers", format),
            *(str(tmp_path / "corpus"), f"-runs={RUNS[format]}", "-seed=1", "-max_len=4096"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert f"Done {RUNS[format]} runs" in ran.stderr
