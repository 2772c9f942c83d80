"""The phone's addresses: what is offered, its form, units out, answers in."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from ujima.base.errors import NotFound, Refusal
from ujima.flows import judgment
from ujima.people.standing import Worker
from ujima.phone.gate import FOR_EVER, NO_STORE, Answer, phone
from ujima.phone.messages import (
    Sheet,
    read_body,
    read_envelope,
    read_object,
    read_uuid,
    read_wanted,
)
from ujima.work.actions.forms import form_of
from ujima.work.envelopes import Given, Verdict
from ujima.work.labelling.blocks import to_blocks
from ujima.work.queries.worker import Offer, held_by, offers, org_of_offered, version_for


@phone("GET")
def offered(request: HttpRequest, worker: Worker) -> Answer:
    """The jobs that have something for her now, with the pay before she takes any of it."""
    found = offers(worker, timezone.now())
    return {"offers": [_offer(offer) for offer in found]}, NO_STORE


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "job": offer.job_id,
        "title": offer.title,
        "rate_minor": offer.rate.minor,
        "currency": offer.rate.currency,
        "seconds": offer.seconds,
        "measured": offer.measured,
        "people": offer.people,
        "seconds_expected": offer.expected,
        "an_hour_minor": offer.an_hour.minor if offer.an_hour else None,
        "deadline": offer.deadline,
        "page_size": offer.page_size,
    }


@phone("GET")
def version(request: HttpRequest, worker: Worker, job_id: UUID, number: int) -> Answer:
    """The form and terms of one version of a job. They never change, so they are kept for ever."""
    if not 1 <= number <= 32_767:
        raise NotFound
    found = version_for(worker, job_id, number)
    return {
        "job": job_id,
        "version": number,
        "title": found.title,
        "instructions": found.instructions,
        "rate_minor": found.rate_minor,
        "currency": found.currency,
        "blocks": to_blocks(form_of(job_id, number)),
    }, FOR_EVER


@phone("GET")
def held(request: HttpRequest, worker: Worker) -> Answer:
    """The pages she holds units of, for a phone that was replaced or forgot."""
    pages: dict[UUID, dict[str, Any]] = {}
    for unit in held_by(worker, timezone.now()):
        page = pages.setdefault(
            unit.page_id,
            {
                "page": unit.page_id,
                "job": unit.job_id,
                "version": unit.version,
                "expires": unit.expires_at,
                "units": [],
            },
        )
        page["units"].append((unit.number, unit.data))
    return {"pages": list(pages.values())}, NO_STORE


@phone("POST")
def pages(request: HttpRequest, worker: Worker) -> Answer:
    """Hold a page of units for her."""
    found = read_object(_body(request))
    page = judgment.take(
        worker=worker,
        job_id=read_uuid(found, "job"),
        wanted=read_wanted(found),
        now=timezone.now(),
    )
    return {
        "page": page.id,
        "job": page.job_id,
        "version": page.version,
        "expires": page.expires_at,
        "units": page.units,
        "again": page.ask_again,
        "quiz": page.is_quiz,
    }, NO_STORE


@phone("POST")
def judgments(request: HttpRequest, worker: Worker) -> Answer:
    """Keep an envelope's answers, each with its own verdict, each page in its own transaction."""
    device, sheets = read_envelope(read_object(_body(request)), timezone.now())
    return {"pages": [_kept(worker, device, sheet) for sheet in sheets]}, NO_STORE


def _kept(worker: Worker, device: UUID, sheet: Sheet) -> dict[str, Any]:
    try:
        org_id = org_of_offered(worker.provider_id, sheet.job_id)
        verdicts = _submit(worker, org_id, device, sheet)
        if sheet.back:
            judgment.give_back(
                worker=worker, org_id=org_id, page_id=sheet.page_id, reasons=sheet.back
            )
    except Refusal as refusal:
        return _all_refused(sheet, refusal)
    answered = [
        _refusal(key, given) if isinstance(given, Refusal) else verdicts[given.key].on_the_wire()
        for key, given in zip(sheet.keys, sheet.answers, strict=True)
    ]
    return _page(sheet, answered, [_gone(number, why) for number, why in sheet.back_order])


def _submit(worker: Worker, org_id: UUID, device: UUID, sheet: Sheet) -> dict[int, Verdict]:
    answers = [given for given in sheet.answers if isinstance(given, Given)]
    if not answers:
        return {}
    verdicts = judgment.submit(
        worker=worker,
        org_id=org_id,
        job_id=sheet.job_id,
        page_id=sheet.page_id,
        device_id=device,
        answers=answers,
        now=timezone.now(),
    )
    return {verdict.key: verdict for verdict in verdicts}


def _all_refused(sheet: Sheet, refusal: Refusal) -> dict[str, Any]:
    return _page(
        sheet,
        [_refusal(key, refusal) for key in sheet.keys],
        [_gone(number, refusal) for number, _ in sheet.back_order],
    )


def _page(sheet: Sheet, answers: list[Any], back: list[Any]) -> dict[str, Any]:
    return {"page": sheet.page_id, "answers": answers, "back": back}


def _gone(number: Any, refusal: Refusal | None) -> dict[str, Any]:
    if refusal:
        return {"number": number, "status": "refused", **_why(refusal)}
    return {"number": number, "status": "let_go"}


def _refusal(key: Any, refusal: Refusal) -> dict[str, Any]:
    return {"key": key, "status": "refused", **_why(refusal)}


def _why(refusal: Refusal) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "retry": refusal.retry,
        "sentence": refusal.sentence,
        **({"place": refusal.place} if refusal.place else {}),
    }


def _body(request: HttpRequest) -> bytes:
    encoding = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    return read_body(request, encoding)  # type: ignore[arg-type]
