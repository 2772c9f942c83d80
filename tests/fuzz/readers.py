"""Files of judgments fuzzed: whatever the bytes, they are read whole or refused in a sentence.

    python -m tests.fuzz.readers FORMAT FOLDER -max_total_time=600

FORMAT is csv, jsonl, json or parquet. FOLDER keeps what was found to reach new code, so that the
next run goes on from there; it begins with a few good files. A file that breaks a reader is left
beside it as crash-…; give it as the last argument to run it alone. Other options are libFuzzer's.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["ujima.quality.readers", "ujima.work.intake"]):
    from ujima.quality.readers.judgments_file import read

from tests.fuzz.seeds import seeds

from ujima.base.errors import Refusal
from ujima.quality.files.repeats import once
from ujima.quality.readers.table import Table

#: what random bytes would hardly ever say
WORDS = ("task", "worker", "label", r"\"task\":", r"\"worker\":", r"\"label\":", r"\x1f\x8b")

WANTED = ("task", "worker", "label")


def checked(table: Table) -> None:
    """Every row that the file holds is in the table or told as set aside; every code has a name."""
    aside = sum(one.count for one in table.faults if one.effect == "set aside")
    assert len(table) + aside == table.read, (len(table), aside, table.read)
    assert all(one.sentence and one.rows and one.count >= len(one.rows) for one in table.faults)
    for column in table.columns.values():
        codes = column.codes
        assert len(codes) == len(table) > 0
        assert codes.min() >= 0
        assert codes.max() < len(column.values) == len(set(column.values))
        assert all(column.values)
    assert (table.row >= 1).all()


def read_one(path: Path) -> None:
    """Read one file as `ujima infer` does. Anything but a refusal or a sound table raises."""
    try:
        table = read(path, WANTED)
    except Refusal:
        return
    checked(table)
    checked_once = once(table, WANTED[:2], WANTED[2:], "last")
    task, worker = (checked_once.columns[name].codes for name in WANTED[:2])
    assert len(set(zip(task.tolist(), worker.tolist(), strict=True))) == len(checked_once)


def opened(content: bytes) -> bytes:
    """CSV with a good header before it where it begins with ^; else few would come past theirs."""
    return b"task,worker,label\n" + content[1:] if content[:1] == b"^" else content


def main(arguments: list[str]) -> None:
    """Fuzz one format until libFuzzer's limits are reached."""
    format, corpus, *options = arguments[1:]
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    for at, content in enumerate(seeds(format)):
        (folder / f"seed-{at}").write_bytes(content)
    with TemporaryDirectory() as own:
        path = Path(own) / f"labels.{format}"

        def one(content: bytes) -> None:
            path.write_bytes(opened(content) if format == "csv" else content)
            read_one(path)

        words = Path(own) / "words"
        words.write_text("".join(f'"{word}"\n' for word in WORDS))
        limits = ["-timeout=20", "-rss_limit_mb=2048", f"-artifact_prefix={folder.parent}/"]
        atheris.Setup([arguments[0], f"-dict={words}", *limits, *options, corpus], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
