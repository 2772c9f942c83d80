"""What may not be in the repository, and what the scripts need to be."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: an address of a package index or of a file in one; names of hosts change, these shapes do not
_PACKAGE_ADDRESS = re.compile(r"https?://[^\s\"')>]*(/simple/|/packages/[0-9a-f]{2}/|\.whl|\.tgz)")


def tracked() -> list[Path]:
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in said.stdout.decode().split("\0") if name]


def test_locks_name_hashes_and_no_hosts() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        for block in re.split(r"\n(?=\S)", text):
            if "==" in block.split("\n", 1)[0] and not block.startswith("#"):
                assert "--hash=sha256:" in block, block


def test_no_file_names_a_package_address_and_no_lock_with_addresses_is_kept() -> None:
    for file in tracked():
        assert file.name not in ("uv.lock", "pylock.toml")
        if file.suffix in (".whl", ".svg", ".png") or not file.exists():
            continue
        found = _PACKAGE_ADDRESS.search(file.read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{file.relative_to(ROOT)}: {found and found[0]}"


def test_the_development_lock_holds_the_very_same_runtime() -> None:
    runtime, development = (
        set(re.findall(r"^[\w.-]+==\S+(?: ;[^\\\n]*)?", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert {line.strip() for line in runtime} <= {line.strip() for line in development}


def test_every_script_can_be_run() -> None:
    scripts = [ROOT / "bin" / name for name in ["setup", "demo", "dev", "test", "check", "bench"]]
    for script in [*scripts, ROOT / ".ci" / "run"]:
        assert os.access(script, os.X_OK), script
        subprocess.run(["sh", "-n", str(script)], check=True)
