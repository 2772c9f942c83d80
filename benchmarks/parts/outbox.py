"""Phones with an outbox: what a server did not answer for is sent again, the very same, until it
does; what it acknowledged is noted here, where no fault of the server's reaches."""

import http.client
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from benchmarks.parts.jobs import LABELS, Phone
from benchmarks.parts.wire import Answered, Wire

API = "/api/v1/phone/"
#: seconds before an answer counts as lost
PATIENCE = 20.0
#: seconds before a phone that got no answer tries again
PAUSE = 0.1
#: of all that was acknowledged, so much is sent once more all the same
SENT_TWICE = 0.15


class NoAnswer(Exception):
    """The server is away, or broke, or said that it will do better later."""


@dataclass(frozen=True, slots=True)
class Note:
    """One acknowledged judgment, as the phone that made it knows it."""

    person_id: UUID
    text: str
    answer: dict[str, list[str]]
    milliseconds: int


@dataclass
class Notes:
    """What phones were told, by (device, key); written by many threads.

    unanswered    requests that got no answer
    already       judgments that were kept, though the first acknowledgement never arrived
    twice         acknowledged judgments sent again; each should be "already kept"
    contradicted  of those, how many got another answer
    refused       codes of refusals; there is no reason for any
    """

    acknowledged: dict[tuple[UUID, int], Note] = field(default_factory=dict)
    unanswered: int = 0
    already: int = 0
    twice: int = 0
    contradicted: int = 0
    refused: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)


class Worker:
    """One person at work: takes a page, answers it, sends it until it is answered for."""

    def __init__(self, phone: Phone, wire: Wire, job_id: UUID, notes: Notes, seed: int) -> None:
        self.phone, self.wire, self.job_id, self.notes = phone, wire, job_id, notes
        self.chance = random.Random(seed)
        self.outbox: list[dict[str, Any]] = []
        self.made: dict[int, Note] = {}
        self.is_sure = False
        self.is_idle = False

    def turn(self, size: int) -> int:
        """Send what waits, then answer what is held, or a new page; how many were acknowledged.

        Raises NoAnswer; the next turn goes on from there.
        """
        done = self.send()
        if not self.is_sure:  # a page may have been given out whose answer never arrived
            for page in self._call("GET", "held")["pages"]:
                self.answer(page)
            self.is_sure = True
            done += self.send()
        self.is_sure = False
        page = self._call("POST", "pages", {"job": str(self.job_id), "want": size})
        self.is_idle = not page["units"]
        self.is_sure = bool(page["units"])
        self.answer(page)
        return done + self.send()

    def answer(self, page: dict[str, Any]) -> None:
        """Answer a page's units into the outbox, each under a key of its own."""
        answers = []
        for number, data in page["units"]:
            self.phone.key += 1
            note = Note(
                self.phone.person_id, data["text"], self._opinion(data["text"]),
                self.chance.randint(2_000, 9_000),
            )  # fmt: skip
            self.made[self.phone.key] = note
            at = round(1000 * time.time())
            answers.append([number, self.phone.key, note.answer, note.milliseconds, at])
        if answers:
            sheet = {"job": page["job"], "page": page["page"], "answers": answers}
            self.outbox.append({"device": str(self.phone.device), "pages": [sheet]})

    def _opinion(self, text: str) -> dict[str, list[str]]:
        """Right three times out of four, so that some units need more judgments than others."""
        right = LABELS[int(text.split(" ", 1)[0]) % len(LABELS)]
        return {"label": [right if self.chance.random() < 0.75 else self.chance.choice(LABELS)]}

    def send(self) -> int:
        """Empty the outbox; how many judgments were acknowledged. Raises NoAnswer."""
        done = 0
        while self.outbox:
            envelope = self.outbox[0]
            verdicts = self._send(envelope)
            self.outbox.pop(0)
            done += self._note(verdicts)
            if self.chance.random() < SENT_TWICE:
                self._compare(self._send(envelope))
        return done

    def _send(self, envelope: dict[str, Any]) -> list[dict[str, Any]]:
        verdicts: list[dict[str, Any]] = self._call("POST", "judgments", envelope)["pages"][0][
            "answers"
        ]
        if any(verdict.get("retry") for verdict in verdicts):
            raise NoAnswer("to be tried again")
        return verdicts

    def _note(self, verdicts: list[dict[str, Any]]) -> int:
        told = [verdict for verdict in verdicts if verdict["status"] != "refused"]
        with self.notes.guard:
            for verdict in told:
                key = verdict["key"]
                self.notes.acknowledged[self.phone.device, key] = self.made[key]
                self.notes.already += verdict["status"] == "already_kept"
            self.notes.refused += [v["code"] for v in verdicts if v["status"] == "refused"]
        return len(told)

    def _compare(self, verdicts: list[dict[str, Any]]) -> None:
        with self.notes.guard:
            self.notes.twice += len(verdicts)
            self.notes.contradicted += sum(v["status"] != "already_kept" for v in verdicts)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        try:
            return self.wire.call(
                method, API + path, body, Authorization=f"Bearer {self.phone.token}"
            )
        except Answered as told:
            if path == "pages" and told.status in (403, 409):  # the job is over
                return {"units": []}
            if told.status < 500:
                raise
        except (OSError, http.client.HTTPException):
            pass
        with self.notes.guard:
            self.notes.unanswered += 1
        raise NoAnswer(path)


class Crowd:
    """Workers in threads of their own, until told that all is over."""

    def __init__(self, workers: list[Worker], *, page_size: int, think: float) -> None:
        self.workers, self.page_size, self.think = workers, page_size, think
        self.failed: list[BaseException] = []
        self._over, self._given_up = threading.Event(), threading.Event()

    @property
    def notes(self) -> Notes:
        return self.workers[0].notes

    @property
    def acknowledged(self) -> int:
        return len(self.notes.acknowledged)

    @property
    def is_idle(self) -> bool:
        """Whether nobody finds anything to do any more."""
        return all(worker.is_idle for worker in self.workers)

    def _goes_on(self, worker: Worker) -> bool:
        has_to = bool(worker.outbox) or not self._over.is_set()
        return has_to and not self._given_up.is_set()

    def _live(self, worker: Worker) -> None:
        try:
            while self._goes_on(worker):
                try:
                    done = worker.turn(self.page_size)
                except NoAnswer:
                    time.sleep(PAUSE)
                    continue
                time.sleep(worker.chance.uniform(0, 2 * self.think) if done else PAUSE)
        except BaseException as trouble:
            self.failed.append(trouble)
            raise

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """All of them at work; afterwards, every outbox is empty. Raises what a thread raised."""
        threads = [
            threading.Thread(target=self._live, args=(worker,), daemon=True)
            for worker in self.workers
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        except BaseException:
            self._given_up.set()
            raise
        finally:
            self._over.set()
            for thread in threads:
                thread.join(2 * PATIENCE)
        if self.failed:
            raise self.failed[0]
        if any(thread.is_alive() for thread in threads):
            raise NoAnswer("an outbox never became empty")
