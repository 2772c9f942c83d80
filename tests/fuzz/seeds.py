"""Small good files of each format, from which fuzzing begins."""

import gzip
import io

CSV = b"task,worker,label\nt1,w1,yes\nt1,w2,no\nt2,w1,yes\nt2,w1,yes\nt1,w1,no\n"
QUOTED = b'\xef\xbb\xbfTask;Worker;LABEL;x\n"t;1";w1;"a ""b"""\n"t\n2";w2;\n;w3;c;d\n'
ROWS = b'^t1,w1,yes\nt1,"w2",no\n\n,w1,yes\nt2,w1\nt3,w1,yes,1\n'
JSONL = b'{"task":"t1","worker":"w1","label":1}\n{"item":2,"user":"w","answer":[1.5,null]}\n'
JSON = b'[{"task":"t1","worker":"w1","label":true},{"task":"t2","worker":"w\\u00fc","label":"x"}]'


def seeds(format: str) -> list[bytes]:
    """The files to begin from."""
    if format == "parquet":
        return _parquet()
    texts = {
        "csv": [CSV, QUOTED, ROWS, CSV.decode().encode("utf-16")],
        "jsonl": [JSONL],
        "json": [JSON],
    }
    return [*texts[format], gzip.compress(texts[format][0], mtime=0)]


def _parquet() -> list[bytes]:
    import pyarrow
    from pyarrow import parquet

    columns = {"task": ["t1", "t1", None], "worker": ["w1", "w2", "w1"], "label": [1, 2, 1]}
    table = pyarrow.table(columns)
    found = []
    for options in ({}, {"use_dictionary": False, "compression": "none"}):
        file = io.BytesIO()
        parquet.write_table(table, file, **options)
        found.append(file.getvalue())
    return found
