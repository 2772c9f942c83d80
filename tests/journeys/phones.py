"""A phone for tests: one device token, one counter, over Django's HTTP client."""

import gzip
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.test import Client
from tests.cast import NOW, Cast

from ujima.people.actions.tokens import issue_device


class Phone:
    """Speaks as one worker. `post` and `get` return (status, JSON)."""

    def __init__(self, cast: Cast, code: str) -> None:
        _, self.token = issue_device(membership=cast.memberships[code], label="test", now=NOW)
        self.device = uuid4()
        self.client = Client(raise_request_exception=False)
        self.keys = 0

    @property
    def signed_in(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> tuple[int, Any]:
        return _told(self.client.get(f"/api/v1/phone/{path}", headers=self.signed_in))

    def post(self, path: str, body: Any, *, packed: bool = False) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        headers = self.signed_in | ({"Content-Encoding": "gzip"} if packed else {})
        return _told(
            self.client.post(
                f"/api/v1/phone/{path}",
                gzip.compress(raw) if packed else raw,
                content_type="application/json",
                headers=headers,
            )
        )

    def take(self, job_id: UUID, want: int | None = None) -> dict[str, Any]:
        status, page = self.post("pages", {"job": job_id, "want": want})
        assert status == 200, page
        return page

    def answer(self, number: int, words: Any = None, at: Any = None) -> list[Any]:
        """One answer on the wire, under the next key."""
        self.keys += 1
        return [number, self.keys, words or {"follows": ["yes"]}, 4000, at or _ms(NOW)]

    def envelope(self, page: dict[str, Any], answers: list[Any], back: Any = ()) -> dict[str, Any]:
        sheet = {"job": page["job"], "page": page["page"], "answers": answers, "back": list(back)}
        return {"device": self.device, "pages": [sheet]}

    def send(self, page: dict[str, Any], answers: list[Any], back: Any = ()) -> list[Any]:
        """The verdicts on the answers to one page."""
        status, told = self.post("judgments", self.envelope(page, answers, back))
        assert status == 200, told
        return told["pages"][0]["answers"]


def _told(response: Any) -> tuple[int, Any]:
    return response.status_code, orjson.loads(response.content)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
