"""bin/bench quality: accuracy, speed, labels saved and calibration on public crowd data.

    bin/bench quality                     all of it, beside the peers
    bin/bench quality --quick             small numbers, to see that it runs
    bin/bench quality --only accuracy     one section; may be given several times
    bin/bench quality --no-peer           without crowd-kit
    bin/bench quality --data FOLDER       where sets that may not be passed on lie (UJIMA_CROWD)

Progress goes to standard error; the last line of standard output is one JSON object. A set that is
not there is named, and its figures are left out.
"""

import argparse
import os
from importlib import import_module
from pathlib import Path

from benchmarks.parts.crowd import Sets
from benchmarks.parts.figures import Report, load, say

#: section -> the module in benchmarks/parts/quality whose `measure(report, asked)` fills it
SECTIONS = (
    "accuracy",
    "speed",
    "large",
    "cluster",
    "online",
    "saved",
    "calibration",
    "unreliable",
    "kinds",
    "model_labels",
)


def main() -> None:
    """Run the sections asked for, and print what they found."""
    parser = argparse.ArgumentParser(prog="bin/bench quality", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--only", action="append", choices=SECTIONS)
    parser.add_argument("--data", type=Path, default=os.environ.get("UJIMA_CROWD"))
    given = parser.parse_args()
    report = Report("quality")
    sets = Sets(given.data)
    for name in given.only or SECTIONS:
        say(f"{name} ({load()})")
        section = import_module(f"benchmarks.parts.quality.{name}")
        section.measure(report, sets, quick=given.quick, with_peer=not given.no_peer)
    report.print()


if __name__ == "__main__":
    main()
