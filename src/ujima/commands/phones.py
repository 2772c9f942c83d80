"""Phones that replay recorded judgments over HTTP: they ask for work, answer, and ask again.

A phone knows what its owner once said to each text, and nothing else: not which unit it is, not
what is right. The key of an answer is its place in her record, so whatever happens in between,
sending it again is sending the same.
"""

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Record = Mapping[tuple[str, str], tuple[int, str]]
#: the share of the recorded answers that a job like the demo's asks for before it is sure
SHARE_ASKED = 0.6
#: reading speed for texts like these (Brysbaert 2019, doi:10.1016/j.jml.2019.104047: 238 words a
#: minute), as the record holds no times; and a moment to decide
WORDS_A_SECOND = 238 / 60
TO_DECIDE = 3.0


class Unwell(Exception):
    """The site did not answer as it should; the phone tries again later."""


@dataclass
class Phone:
    """One person's phone. `record` maps (text, statement) to (her key, what she said)."""

    token: str
    device_id: UUID
    record: Record
    port: int
    job_id: UUID
    sent: int = 0
    is_sure: bool = False
    refused: dict[str, int] = field(default_factory=dict)

    def work(self, page_size: int) -> int:
        """Answer what was left unanswered, then one new page; returns how many were sent."""
        answers = 0
        if not self.is_sure:
            answers += sum(self._answer(page) for page in self._call("GET", "held")["pages"])
        self.is_sure = False  # until the page below is answered
        page = self._call("POST", "pages", {"job": str(self.job_id), "want": page_size})
        answers += self._answer(page)
        self.is_sure = True
        return answers

    def _answer(self, page: dict[str, Any]) -> int:
        if not page["units"] or page["job"] != str(self.job_id):
            return 0
        answers = []
        for number, data in page["units"]:
            key, said = self.record[data["text"], data["statement"]]
            words = len((data["text"] + " " + data["statement"]).split())
            milliseconds = round(1000 * (words / WORDS_A_SECOND + TO_DECIDE))
            now = round(time.time() * 1000)
            answers.append([number, key, {"follows": [said]}, milliseconds, now])
        envelope = {
            "device": str(self.device_id),
            "pages": [{"job": page["job"], "page": page["page"], "answers": answers}],
        }
        for verdict in self._call("POST", "judgments", envelope)["pages"][0]["answers"]:
            if verdict["status"] == "refused":
                code = verdict["code"]
                self.refused[code] = self.refused.get(code, 0) + 1
        self.sent += len(answers)
        return len(answers)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        connection = _connection(self.port)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(
                method,
                f"/api/v1/phone/{path}",
                json.dumps(body) if body is not None else None,
                headers,
            )
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Unwell(str(error)) from error
        if response.status in (409, 403):  # paused, ended, or not offered any more
            return {"units": [], "pages": [], "job": "", "again": False}
        if response.status != 200:
            raise Unwell(f"{path}: {response.status} {content[:200]!r}")
        return json.loads(content)


_local = threading.local()


def _connection(port: int) -> http.client.HTTPConnection:
    """This thread's kept-alive connection to the site on this machine."""
    if getattr(_local, "port", None) != port:
        _local.port = port
        _local.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection: http.client.HTTPConnection = _local.connection
    return connection


def replay(
    phones: Sequence[Phone],
    *,
    page_size: int,
    seconds: float,
    is_done: Callable[[], bool],
    stop: threading.Event,
    at_once: int = 8,
) -> None:
    """Let all phones work in rounds until the job is done: each round every phone asks once.

    seconds   about how long that should take; 0 for as fast as it goes

    Whoever finds nothing asks again in the next round: a unit may want one more judgment after
    others were heard. A site that is away for a moment is asked again, too.
    """
    recorded = sum(len(phone.record) for phone in phones)
    pause = seconds / max(1.0, recorded * SHARE_ASKED)
    pace = threading.Lock()

    def one(phone: Phone) -> int:
        if stop.is_set():
            return 0
        try:
            answers = phone.work(page_size)
        except Unwell:
            stop.wait(0.5)
            return 0
        if answers and pause:
            with pace:  # who was given nothing has nothing to pause for
                stop.wait(answers * pause)
        return answers

    with ThreadPoolExecutor(at_once) as pool:
        while not stop.is_set() and not is_done():
            if not sum(pool.map(one, phones)):
                stop.wait(0.5)
