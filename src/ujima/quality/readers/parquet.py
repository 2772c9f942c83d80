"""Parquet files, by pyarrow: columns come as codes and names already, a batch at a time."""

from pathlib import Path
from typing import Any

import numpy as np

from ujima.quality.readers.columns import Wanted, as_text, columns_of, without_gaps
from ujima.quality.readers.errors import NeedsExtra, NoSuchFile
from ujima.quality.readers.table import Column, Table
from ujima.work.intake.errors import UnknownFormat

#: rows decoded at a time
BATCH = 65_536


def parquet_table(path: Path, wanted: Wanted) -> Table:
    """The columns wanted of a Parquet file; rows count from 1. Refuses as `judgments_file.read`."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise NeedsExtra("Parquet files need pyarrow: install ujima[parquet].") from error
    try:
        file = parquet.ParquetFile(path)
    except OSError as error:
        raise NoSuchFile(f"{path}: {error.strerror or 'it cannot be read'}.") from error
    except (pyarrow.ArrowException, UnicodeDecodeError) as error:
        raise UnknownFormat(f"{path} is not a Parquet file.") from error
    with file:
        names = [*wanted.columns, *wanted.blank]
        found = [str(name) for name in columns_of(file.schema_arrow.names, wanted)]
        coders = [_Coder(wanted.trim) for _ in names]
        try:
            for batch in file.iter_batches(BATCH, columns=found):
                for coder, name in zip(coders, found, strict=True):
                    coder.add(batch.column(name))
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
            raise UnknownFormat(f"{path} is damaged: its rows cannot be read.") from error
    columns = {name: coder.column() for name, coder in zip(names, coders, strict=True)}
    n = len(columns[names[0]].codes)
    table = Table(columns, np.arange(1, n + 1, dtype=np.int32), (), n)
    return without_gaps(table, wanted.columns)


class _Coder:
    """One column's codes over all batches; each batch brings a dictionary of its own."""

    def __init__(self, trim: bool) -> None:
        self.trim = trim
        self.known: dict[str, int] = {}
        self.parts: list[Any] = [np.empty(0, np.int32)]

    def add(self, values: Any) -> None:
        import pyarrow

        if pyarrow.types.is_nested(values.type):
            # Arrow codes no lists
            values = pyarrow.array([as_text(one) for one in values.to_pylist()], pyarrow.string())
        coded = values if hasattr(values, "indices") else values.dictionary_encode()
        texts = [as_text(value, self.trim) for value in coded.dictionary.to_pylist()]
        codes = [self.known.setdefault(t, len(self.known)) if t else -1 for t in texts]
        table = np.array([*codes, -1], np.int32)
        places = coded.indices.fill_null(len(codes)).to_numpy(zero_copy_only=False)
        self.parts.append(table[places.astype(np.int64)])

    def column(self) -> Column:
        return Column(np.concatenate(self.parts), list(self.known))
