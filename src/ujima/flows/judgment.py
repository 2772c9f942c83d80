"""A judgment's way: kept, learned from, and owed for, in one transaction.

docs/a-judgment.md walks through this file.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ujima.flows.retrying import retried
from ujima.pay.actions import accruals
from ujima.people.queries import standing_of
from ujima.people.standing import Worker
from ujima.quality.actions import beliefs, cases, fits
from ujima.quality.answers import Question
from ujima.quality.asked import Asked
from ujima.quality.audit import is_audited
from ujima.quality.inputs import weight
from ujima.work.actions import judgments, leases, quizzes
from ujima.work.actions.forms import form_of, terms_of
from ujima.work.envelopes import Given, Kept, PageOut, Verdict
from ujima.work.evenly import Evenly, until
from ujima.work.labelling.model import Labelling
from ujima.work.queries.units import texts_of

#: how long submits take in this process
EVENLY = Evenly()


@lru_cache(maxsize=256)
def asked_of(job_id: UUID, version: int) -> Asked:
    """What a version of a job asks, as its inference sees it."""
    return asked_in(form_of(job_id, version))


def asked_in(form: Labelling) -> Asked:
    """What a form asks, as the inference of its answers sees it."""
    return Asked(tuple(Question(q.name, q.kind, q.choices) for q in form.questions))


@lru_cache(maxsize=256)
def goal_of(job_id: UUID, version: int) -> beliefs.Goal:
    """When the units of a version of a job are done."""
    terms = terms_of(job_id, version)
    return beliefs.Goal(terms.confidence_target, terms.judgments_min, terms.judgments_max)


def audited_of(units: Iterable[int], share_bp: int) -> set[int]:
    """Those of these units that are asked to the maximum to check the others."""
    secret = settings.SECRET_KEY.encode()
    return {unit for unit in units if is_audited(unit, secret, share_bp)}


def take(*, worker: Worker, job_id: UUID, wanted: int | None, now: datetime) -> PageOut:
    """Hold units for a worker. Refuses: NotOffered, JobPaused, JobClosed, QuizLookedAt."""
    return retried(lambda: leases.lease_page(worker=worker, job_id=job_id, wanted=wanted, now=now))


def submit(
    *,
    worker: Worker,
    org_id: UUID,
    job_id: UUID,
    page_id: UUID,
    device_id: UUID,
    answers: Sequence[Given],
    now: datetime,
) -> list[Verdict]:
    """Keep the answers to one page: each gets its own verdict, and each kept one is owed once.
    Where all of them were to gold, the verdicts wait for as long as others would take."""
    started, golds = time.perf_counter(), [0, 0]

    @transaction.atomic
    def once() -> list[Verdict]:
        verdicts, kept = judgments.record(
            worker=worker,
            org_id=org_id,
            job_id=job_id,
            page_id=page_id,
            device_id=device_id,
            answers=answers,
            now=now,
        )
        if kept:
            holder = _holder(worker, kept)
            _owe(holder, org_id, job_id, kept, now)
            _learn(holder, org_id, job_id, kept, now)
            _end_quiz(holder, org_id, job_id, page_id, kept, now)
            golds[:] = [sum(k.gold is not None for k in kept), len(kept)]
        return verdicts

    verdicts = retried(once)
    if golds[1]:
        is_known = golds[0] == golds[1]
        took = time.perf_counter() - started
        if wait := EVENLY.wait(took, is_known=is_known):
            until(started + took + wait)
    return verdicts


def _holder(worker: Worker, kept: list[Kept]) -> Worker:
    """Who she was when she took the page: one who works for two providers is paid by the one for
    whom she took it, whichever she is signed in at when she answers."""
    under = kept[0].membership_id
    return worker if under == worker.membership_id else standing_of(under)


def _owe(worker: Worker, org_id: UUID, job_id: UUID, kept: list[Kept], now: datetime) -> None:
    prices = {k.version: terms_of(job_id, k.version) for k in kept}
    accruals.accrue(
        worker=worker,
        org_id=org_id,
        job_id=job_id,
        currency=prices[kept[0].version].currency,
        owed=[(k.judgment_id, prices[k.version].rate_minor, k.milliseconds) for k in kept],
        now=now,
    )


def _end_quiz(
    worker: Worker, org_id: UUID, job_id: UUID, page_id: UUID, kept: list[Kept], now: datetime
) -> None:
    """Where a job has a quiz, see whether this was the end of hers; below the mark for the second
    time, a person is asked to look at it."""
    terms = terms_of(job_id, kept[0].version)
    if not terms.quiz_units:
        return
    quiz = quizzes.close(
        org_id=org_id, job_id=job_id, person_id=worker.person_id, page_id=page_id, terms=terms,
        now=now,
    )  # fmt: skip
    if quiz and quiz.outcome == quiz.Outcome.CASE:
        right, seen = quizzes.missed(quiz)
        cases.open_after_quiz(
            worker=worker, org_id=org_id, job_id=job_id, right=right, seen=seen,
            line=terms.quiz_right / terms.quiz_units, now=now,
        )  # fmt: skip


def _learn(worker: Worker, org_id: UUID, job_id: UUID, kept: list[Kept], now: datetime) -> None:
    version = max(k.version for k in kept)
    asked, goal = asked_of(job_id, version), goal_of(job_id, version)
    units = [k.unit_id for k in kept if k.gold is None]
    decisions = beliefs.observe(
        worker=worker,
        org_id=org_id,
        job_id=job_id,
        asked=asked,
        goal=goal,
        votes=[
            beliefs.Vote(
                k.unit_id,
                weight(k.judgment_id, worker.person_id, k.content_hash),
                k.answer,
                k.gold,
                k.gold_right,
            )
            for k in kept
        ],
        texts=lambda: texts_of(org_id, units) if asked.has_texts else {},
        now=now,
        audited=audited_of(units, terms_of(job_id, version).audit_bp),
    )
    judgments.move_units(
        org_id=org_id,
        job_id=job_id,
        wants={
            unit: min(n + 1, goal.maximum)
            for unit, (n, decision) in decisions.items()
            if decision.outcome.asks and n >= goal.minimum
        },
        ended={u for u, (_, decision) in decisions.items() if not decision.outcome.asks},
        sure={unit: decision.confidence for unit, (_, decision) in decisions.items()},
    )


def give_back(*, worker: Worker, org_id: UUID, page_id: UUID, reasons: dict[int, str]) -> int:
    """Give units of a page back without a judgment, each with its reason. Returns how many were
    held. The job is marked, as hers may have been the last units that kept it from ending."""

    @transaction.atomic
    def once() -> int:
        gone = leases.give_back(worker=worker, org_id=org_id, page_id=page_id, reasons=reasons)
        if not gone:
            return 0
        fits.mark(org_id=org_id, job_id=gone.job_id, now=gone.since)
        return gone.units

    return retried(once)
