"""What docs/infer.md shows works as it stands there."""

import argparse
import re
import shlex
import shutil
from pathlib import Path

import pytest

from ujima.commands import infer

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs/infer.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.S)
LINES = re.findall(r"^ujima (infer .+)$", PAGE, re.M)


@pytest.mark.parametrize("at", range(len(PYTHON)))
def test_the_page_s_python_runs(
    at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("labels.csv", "gold.csv"):
        shutil.copy(ROOT / "src/ujima/commands/rte" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    exec(compile(PYTHON[at], "docs/infer.md", "exec"), {})  # noqa: S102  # our own page
    assert ("assert" in PYTHON[at]) or "0.92875" in capsys.readouterr().out


def options(line: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    infer.add_parser(parser.add_subparsers())
    return parser.parse_args(shlex.split(line))


@pytest.mark.parametrize("line", LINES)
def test_the_page_s_commands_have_only_options_that_exist(line: str) -> None:
    assert options(line).func is infer.run


def test_the_page_tells_of_every_type_option_and_method() -> None:
    table = PAGE.split("| `--type` |")[1].split("## What is wrong")[0]
    told = re.findall(r"^\| `(\w+)`", table, re.M)
    assert sorted(told) == sorted(infer.KINDS)
    assert [name for name in infer.METHODS if name not in PAGE] == []


def test_the_page_has_examples() -> None:
    assert len(PYTHON) == 2
    assert len(LINES) >= 8
