"""What an installation weighs: packages and megabytes, in an environment of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.parts.figures import say

ROOT = Path(__file__).parents[2]
#: what every environment has, whatever is installed into it
_TOOLS = {"pip", "setuptools", "wheel"}


def installed(home: Path) -> tuple[int, float]:
    """Packages in an environment, and its size in MB (10^6 bytes), links not followed."""
    listed = {path.name.split("-")[0].lower() for path in home.glob("lib/*/*/*.dist-info")}
    size = sum(path.lstat().st_size for path in home.rglob("*") if path.is_file())
    return len(listed - _TOOLS), round(size / 1e6, 1)


def install_ujima(home: Path) -> None:
    """Ujima and what it runs on, from the lock, without what only its developers use."""
    say("installing Ujima into an environment of its own")
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    pip = [str(home / "bin/python"), "-m", "pip", "install", "-qq"]
    lock = str(ROOT / "requirements.lock")
    for what in (["--require-hashes", "--no-deps", "-r", lock], ["--no-deps", str(ROOT)]):
        subprocess.run([*pip, *what], check=True, stdout=sys.stderr)
