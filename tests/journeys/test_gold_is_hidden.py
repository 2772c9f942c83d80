"""A provider that tries keys of its buyer's units learns nothing of which are gold."""

import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.db import transaction
from tests.api.programs import Program, issued
from tests.cast import PASSWORD, Cast, assemble, launched_job, take
from tests.journeys.pages import staff, words, worker

from ujima.work.models import Job, Unit

pytestmark = pytest.mark.django_db


def plain(text: str, key: str) -> str:
    """What is told, without what differs between any two units or moments."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", "TIME", text)
    text = re.sub(r"\d\d:\d\d:\d\d", "TIME", text)
    text = re.sub(r'"next":"\d+"', '"next":"N"', text)
    text = re.sub(rf"(Text|Statement) {key[1:]}\b", r"\1 N", text)
    return text.replace(key, "KEY")


def everything_told(cast: Cast, job: Job, key: str) -> Iterator[Any]:
    """Each answer that a provider can get about a key, in a fixed order."""
    offer = f"/offers/{job.channels.get().id}"
    manager, program = staff("ruma@sundarban.example"), Program(issued(cast.manager))
    pages = [f"{offer}/units", offer, "/offers"]

    def typed(pairs: str, **more: str) -> Iterator[str]:
        response = manager.post(f"{offer}/units", {"pairs": pairs} | more, follow=True)
        yield f"{response.status_code} {words(response)}"
        yield from (words(manager.get(page)) for page in pages)

    def sent(path: str, pairs: list[list[str]]) -> str:
        response = program.post(f"{offer}/{path}", {"pairs": pairs})
        return f"{response.status_code} {response.content.decode()}"

    yield from typed(f"{key},w001\nnonsense,w001")
    yield from typed(f"{key},w001")
    yield from typed(f"{key},w001")
    yield from typed(f"{key},w002")
    for pairs in ([[key, "w001"], ["nonsense", "w001"]], [[key, "w001"]], [[key, "w003"]]):
        yield sent("reservations", pairs)
    yield program.get(f"{offer}/reservations").content.decode()
    for code in ("w001", "w004"):
        yield words(worker(cast, code).get("/work"))
    page = take(cast.workers["w001"], job, 1)
    yield [data for _, data in page.units]
    yield words(manager.get(offer))
    yield program.get(f"{offer}/reservations").content.decode()
    yield sent("reservations/release", [[key, "w002"], ["nonsense", "w001"]])
    yield sent("reservations/release", [[key, "w002"], [key, "w004"]])
    yield from typed(f"{key},w002", do="release")
    yield from typed(f"{key},w001", do="release")
    yield from typed("", person="w003")
    yield program.get(f"{offer}/reservations").content.decode()
    yield words(staff("arun@audit.example", PASSWORD).get("/audit"))


class Late(Random):
    """Chance that never falls out as gold."""

    def random(self) -> float:
        return 0.999


def test_a_gold_key_and_any_other_are_told_of_in_the_same_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # else another gold unit may come before the one that was kept, as it may before any
    monkeypatch.setattr("ujima.work.actions.leases.CHANCE", Late())
    told = {}
    for gold, key in ((True, "k0"), (False, "k5")):
        with transaction.atomic():
            cast = assemble()
            job = launched_job(cast, units=8, golds=1, gold_share_bp=2000)
            assert Unit.objects.get(job_id=job.id, key=key).is_gold == gold
            told[gold] = [plain(str(one), key) for one in everything_told(cast, job, key)]
            transaction.set_rollback(True)
    assert told[True] == told[False]
