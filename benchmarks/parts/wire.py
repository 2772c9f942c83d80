"""HTTP as a client of any server speaks it: one kept-alive connection a thread, JSON both ways."""

import http.client
import json
import threading
from typing import Any

_local = threading.local()


class Answered(Exception):
    """A server said something else than 2xx: the status, and the start of the body."""

    def __init__(self, method: str, path: str, status: int, body: bytes):
        super().__init__(f"{method} {path}: {status} {body[:300]!r}")
        self.status = status


class Wire:
    """Calls one server; gives up an answer that takes longer than `patience` seconds."""

    def __init__(self, port: int, patience: float = 300):
        self.port = port
        self.patience = patience

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of a 2xx answer. Raises Answered."""
        content = json.dumps(body).encode() if body is not None else None
        status, answer, _ = self.raw(
            method, path, content, {"Content-Type": "application/json"} | headers
        )
        if status >= 300:
            raise Answered(method, path, status, answer)
        return json.loads(answer) if answer else None

    def raw(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, list[tuple[str, str]]]:
        """Status, body and headers. A connection that the server closed meanwhile is opened
        anew once."""
        for attempt in (0, 1):
            connection = self._connection()
            try:
                connection.request(method, path, content, headers)
                response = connection.getresponse()
                return response.status, response.read(), response.getheaders()
            except (http.client.HTTPException, OSError) as lost:
                connection.close()
                if attempt or isinstance(lost, TimeoutError):
                    raise
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        kept: dict[int, http.client.HTTPConnection] = _local.__dict__.setdefault("kept", {})
        if self.port not in kept:
            kept[self.port] = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=self.patience
            )
        return kept[self.port]
