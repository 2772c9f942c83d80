"""Phones at work over HTTP: they take a page of units, answer all of it, and take the next."""

import random
import time
from uuid import UUID

from benchmarks.parts.jobs import LABELS, Phone
from benchmarks.parts.load import Turn
from benchmarks.parts.wire import Wire


def turn_of(phone: Phone, wire: Wire, job_id: UUID, size: int, patient: bool = False) -> Turn:
    """One phone's turn: a page of `size` units, all answered in one envelope.

    patient   looks again, some times, when there is nothing just now
    """
    bearer = {"Authorization": f"Bearer {phone.token}"}

    def turn() -> int:
        for _ in range(20 if patient else 3):
            page = wire.call(
                "POST", "/api/v1/phone/pages", {"job": str(job_id), "want": size}, **bearer
            )
            if page["units"] or not (page["again"] or patient):
                break
            if patient:
                time.sleep(0.05)
        if not page["units"]:
            return 0
        answers = []
        for number, _ in page["units"]:
            phone.key += 1
            said = {"label": [random.choice(LABELS)]}
            answers.append([number, phone.key, said, 5000, round(1000 * time.time())])
        envelope = {
            "device": str(phone.device),
            "pages": [{"job": page["job"], "page": page["page"], "answers": answers}],
        }
        kept = wire.call("POST", "/api/v1/phone/judgments", envelope, **bearer)
        verdicts = kept["pages"][0]["answers"]
        refused = [verdict for verdict in verdicts if verdict["status"] != "kept"]
        if refused:
            raise AssertionError(f"a judgment was not kept: {refused[0]}")
        return len(verdicts)

    return turn
