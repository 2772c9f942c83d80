"""Reading which unit is kept for whom: lines of a unit's key and a worker's code."""

import csv
from collections.abc import Iterable
from io import StringIO

from ujima.base.errors import BadInput

#: pairs in one go; more come in several files
MOST = 100_000


def pairs_in(text: str) -> dict[tuple[str, str], int]:
    """(unit's key, worker's code) -> the line where it stands first, codes in small letters; a
    first line that names the columns is left out.

    Refuses BadInput, with the line, for a line that is not two words; for nothing; for too many.
    """
    pairs: dict[tuple[str, str], int] = {}
    rows = csv.reader(StringIO(text), skipinitialspace=True)
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != 2 or not all(cell.strip() for cell in row) or "\0" in "".join(row):
                raise _bad(rows.line_num)
            key, code = row[0].strip(), row[1].strip().lower()
            if not pairs and (key.lower(), code) in (("unit", "worker"), ("key", "code")):
                continue
            pairs.setdefault((key, code), rows.line_num)
    except csv.Error:
        raise _bad(rows.line_num) from None
    if not pairs:
        raise BadInput("Give at least one pair of a unit and a worker.", place={"field": "pairs"})
    if len(pairs) > MOST:
        raise BadInput(f"Give at most {MOST:,} pairs at once.", place={"field": "pairs"})
    return pairs


def _bad(line: int) -> BadInput:
    return BadInput(
        f"Line {line} is not a unit and a worker code with a comma between.",
        place={"field": "pairs", "row": line},
    )


def unknown_codes(pairs: Iterable[tuple[str, str]], known: Iterable[str]) -> BadInput | None:
    """A refusal that names the codes that nobody has, or None."""
    known = set(known)
    missing = list(dict.fromkeys(code for _key, code in pairs if code not in known))
    if not missing:
        return None
    some = ", ".join(missing[:10]) + ("…" if len(missing) > 10 else "")
    return BadInput(
        f"These worker codes are not among your people for this job: {some}. Nothing was done.",
        place={"field": "pairs"},
    )
