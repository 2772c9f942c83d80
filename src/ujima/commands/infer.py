"""`ujima infer`: a file of judgments in, the answers behind them out. Needs no database."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from ujima.base.errors import BadInput

KINDS = ("choice", "ordinal", "multi", "number", "text", "spans", "boxes", "pairs")
METHODS = ("default", "careful", "majority", "one_coin", "dawid_skene", "mace", "ibcc", "ebcc")

ABOUT = """\
Infer the true answers from several people's judgments, and how far to rely on each.

The file has one judgment a row, with the columns task, worker and label (CSV, JSONL, JSON or
Parquet, gzip too). The results have one task a row: task, label, confidence, judgments. A
confidence of .8 means that of such answers about 8 in 10 are right.
"""
MORE = """\
types, and the columns beside task and worker:
  choice   label                 one of several classes (the default)
  ordinal  label                 classes in an order: numbers, or as --classes lists them
  multi    label                 several choices at once: a|b|c
  number   label                 a number
  text     text                  a short text or a transcription
  spans    start, end            parts of a text, in characters; several rows a judgment;
                                 empty where nothing was marked; --items tells the texts
  boxes    x, y, w, h            boxes on an image by their centre and size, in pixels
  pairs    left, right, label    which of two is better; the label is one of the two

methods for choice and ordinal:
  default (ibcc)                 good on most data: learns what each worker says to each truth
  careful (ebcc)                 slower; for workers who may make the same mistakes together
  dawid_skene, one_coin, mace    the classics
  majority                       every vote counts the same

examples:
  ujima infer labels.csv --out results.csv
  ujima infer labels.csv --gold truth.csv --json summary.json --report report.html
  ujima infer ratings.csv --type ordinal --classes bad,fair,good
  ujima infer marks.jsonl --type spans --items texts.csv --gold truth.csv
  ujima infer export.csv --column task=image --column worker=annotator

True answers (--gold: the same columns without worker) score the results and teach how much
confidence to give; the answers themselves are inferred without them. With --use-gold they are
held as known, and the score is of answers that were not.
"""


def add_parser(subparsers: Any) -> None:
    """Add the command's options."""
    one = subparsers.add_parser(
        "infer",
        help="the true answers behind a file of judgments",
        description=ABOUT,
        epilog=MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    one.add_argument("labels", type=Path, metavar="LABELS", help="the file of judgments")
    one.add_argument("--type", choices=KINDS, default="choice", dest="kind")
    one.add_argument("--method", choices=METHODS, default="default", metavar="NAME")
    one.add_argument("--gold", type=Path, metavar="FILE", help="true answers, to score with")
    one.add_argument("--use-gold", action="store_true", help="hold the true answers as known")
    one.add_argument("--items", type=Path, metavar="FILE", help="task,text: the texts of spans")
    one.add_argument("--out", type=Path, metavar="FILE", help="results; else to standard output")
    one.add_argument("--json", type=Path, metavar="FILE", help="a summary")
    one.add_argument("--report", type=Path, metavar="FILE", help="a page to look at")
    one.add_argument("--classes", metavar="A,B,C", help="the classes, in their order")
    one.add_argument(
        "--column", action="append", default=[], metavar="NAME=IN_FILE", help="may be repeated"
    )
    one.add_argument(
        "--duplicates",
        choices=("last", "first", "refuse"),
        default="last",
        help="which of a person's different answers to one task counts",
    )
    one.add_argument(
        "--separator", type=_sign, default="|", metavar="SIGN", help="between choices of multi"
    )
    one.add_argument("--strict", action="store_true", help="refuse a file with any fault")
    one.add_argument("--seed", type=_from(0), default=0, metavar="N", help="of all chance")
    one.add_argument("--threads", type=_from(1), default=1, metavar="N")
    one.add_argument("--kernel", choices=("scipy", "compiled"), help="else what suits the size")
    one.add_argument("--cluster", metavar="tcp://HOST:PORT", help="a Dask scheduler to work on")
    one.add_argument("--quiet", action="store_true", help="say only what went wrong")
    one.set_defaults(func=run)


def _from(least: int) -> Callable[[str], int]:
    def number(given: str) -> int:
        if not given.strip().isdecimal() or int(given) < least:
            raise argparse.ArgumentTypeError(f"{given!r} is no whole number from {least} up")
        return int(given)

    return number


def _sign(given: str) -> str:
    if not given:
        raise argparse.ArgumentTypeError("something must stand between choices")
    return given


def run(chosen: argparse.Namespace) -> int:
    """Infer the file; 0 when the results were written."""
    from ujima.quality.files.run import infer_file
    from ujima.quality.files.summary import summary_of, told
    from ujima.quality.files.written import checked, write_rows

    began = time.monotonic()
    checked(_paths(chosen, "labels", "gold", "items"), _paths(chosen, "out", "json", "report"))
    with _asked(chosen) as asked:
        found = infer_file(
            chosen.labels,
            chosen.kind,
            asked,
            gold=chosen.gold,
            use_gold=chosen.use_gold,
            tell=lambda line: None if chosen.quiet else _say(line),
        )
    for fault in found.faults:
        sentence = fault.sentence.removesuffix(".")
        _say(f"{sentence} ({_places(fault.rows, fault.count)}): {fault.effect}.")
    if chosen.strict and found.faults:
        raise _not_clean(found.faults)
    summary = summary_of(found, seconds=time.monotonic() - began, seed=chosen.seed)
    if chosen.out:
        write_rows(chosen.out, found.header, found.rows)
    elif not (chosen.json or chosen.report):
        _print_rows(found)
    if chosen.json:
        _write(chosen.json, orjson.dumps(summary, option=orjson.OPT_INDENT_2).decode() + "\n")
    if chosen.report:
        from ujima.quality.files.shown import page_of

        _write(chosen.report, page_of(found, summary, title=chosen.labels.name))
    if not chosen.quiet:
        for line in told(summary):
            _say(line)
    return 0


def _paths(chosen: argparse.Namespace, *names: str) -> dict[str, Path]:
    given = {name: getattr(chosen, name) for name in names}
    return {
        "LABELS" if name == "labels" else f"--{name}": path for name, path in given.items() if path
    }


class _asked:  # noqa: N801  # reads as the verb it stands for
    """The options as `Asked`, with a cluster's client for as long as it is needed."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.client: Any = None

    def __enter__(self) -> Any:
        from ujima.quality.files.asked import Asked
        from ujima.quality.truth.places import How

        chosen = self.chosen
        if chosen.cluster:
            self.client = _client(chosen.cluster)
        return Asked(
            method=chosen.method,
            classes=tuple(c.strip() for c in (chosen.classes or "").split(",") if c.strip()),
            repeats=chosen.duplicates,
            separator=chosen.separator,
            called=dict(_named(one) for one in chosen.column),
            items=chosen.items,
            seed=chosen.seed,
            how=How(kernel=chosen.kernel, threads=chosen.threads, cluster=self.client),
        )

    def __exit__(self, *_: object) -> None:
        if self.client is not None:
            self.client.close()


def _client(address: str) -> Any:
    from ujima.quality.readers.errors import NeedsExtra

    try:
        from distributed import Client
    except ImportError as error:
        raise NeedsExtra("A cluster needs Dask: install ujima[cluster].") from error
    try:
        return Client(address, timeout="15s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise BadInput(f"No Dask scheduler answers at {address}.") from error


def _named(given: str) -> tuple[str, str]:
    name, equals, in_file = given.partition("=")
    if not (name and equals and in_file):
        raise BadInput(f"--column takes NAME=IN_FILE, as in task=image; not {given!r}.")
    return name.strip(), in_file.strip()


def _places(rows: tuple[int, ...], count: int) -> str:
    told = ", ".join(map(str, rows))
    more = ", …" if count > len(rows) else ""
    return f"row {told}" if count == 1 else f"{count:,} rows: {told}{more}"


def _not_clean(faults: Any) -> BadInput:
    from ujima.quality.readers.errors import NotClean

    first = faults[0]
    return NotClean(f"{first.sentence} Nothing was written.", place={"rows": list(first.rows)})


def _print_rows(found: Any) -> None:
    import csv

    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(found.header)
    out.writerows(found.rows)


def _write(path: Path, text: str) -> None:
    from ujima.quality.files.written import whole

    with whole(path) as file:
        file.write(text)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
