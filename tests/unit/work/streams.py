"""Files for tests: from bytes, in small pieces, and without end."""

import io

from ujima.work.intake.formats import Opened, open_rows
from ujima.work.intake.rows import MAX_FILE, Record, RefusedRow


class Endless(io.RawIOBase):
    """`begin`, then `piece` again and again up to `size` bytes; counts what it has given."""

    def __init__(self, begin: bytes, piece: bytes, size: int) -> None:
        self.begin = begin
        self.piece = piece
        self.size = size
        self.given = 0

    def read(self, wanted: int = -1) -> bytes:
        assert wanted > 0, "nobody may read such a file as a whole"
        if not self.given:
            content = self.begin
        else:
            content = (self.piece * (wanted // len(self.piece) + 1))[:wanted]
        content = content[: self.size - self.given]
        self.given += len(content)
        return content


def opened(file, format: str, *, total: int = 4 * 1024**3) -> Opened:
    return open_rows(file, format=format, total=total)


def rows_of(
    content: bytes | str, format: str, *, total: int = MAX_FILE
) -> list[Record | RefusedRow]:
    content = content.encode() if isinstance(content, str) else content
    return list(opened(io.BytesIO(content), format, total=total).rows)
