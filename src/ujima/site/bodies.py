"""Request bodies that come whole or not at all."""

from typing import BinaryIO


class WholeBody:
    """A request's body that fails where the line was cut.

    The web server lets a body end early as if it were whole: a form would come with half of its
    last field, a cancellation without its reason. Django asks for no more than was announced, so
    less than it asks for is a cut. It then raises UnreadablePostError, and nothing is done.
    """

    def __init__(self, source: BinaryIO) -> None:
        self.source = source

    def read(self, size: int) -> bytes:
        piece = self.source.read(size)
        if len(piece) < size:
            raise ConnectionResetError("the body of this request ended early")
        return piece

    def readline(self, size: int) -> bytes:
        line = self.source.readline(size)
        if not line.endswith(b"\n") and len(line) < size:
            raise ConnectionResetError("the body of this request ended early")
        return line
