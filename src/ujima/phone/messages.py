"""Reads what a phone sends: bodies with caps, envelopes, answers one by one. No framework."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

import orjson

from ujima.base.errors import BadInput, Refusal
from ujima.phone.errors import NotJson, Repeated, TooLarge, TooManyAnswers
from ujima.work.envelopes import Given

#: bytes of one message, before and after unpacking: 500 answers with a page of text each fit
MOST_BYTES = 1_000_000
MOST_ANSWERS = 500
#: what the database keeps these numbers in
MOST_KEY, MOST_NUMBER = 2**31 - 1, 2**15 - 1
#: a clock that is further ahead than any time zone is wrong
MOST_AHEAD = timedelta(days=1)
REASON_LENGTH = 200


def read_body(stream: BinaryIO, encoding: str) -> bytes:
    """A whole message, unpacked. Never holds more than MOST_BYTES, packed or not.

    Refuses: TooLarge, NotJson for broken gzip or an encoding we do not know.
    """
    packed = stream.read(MOST_BYTES + 1)
    if len(packed) > MOST_BYTES:
        raise TooLarge
    if encoding in ("", "identity"):
        return packed
    if encoding != "gzip":
        raise NotJson("Send the message as it is, or packed with gzip.")
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        body = unpacker.decompress(packed, MOST_BYTES + 1)
    except zlib.error:
        raise NotJson("This is not gzip, as its header says it is.") from None
    if len(body) > MOST_BYTES:
        raise TooLarge
    if not unpacker.eof or unpacker.unused_data:
        raise NotJson("This gzip does not end where the message ends.")
    return body


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a message. Refuses NotJson."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotJson(f"This is not valid JSON: {error}.") from None
    if not isinstance(found, dict):
        raise NotJson("A message is a JSON object: {…}.")
    return found


def read_uuid(found: dict[str, Any], name: str, place: dict[str, Any] | None = None) -> UUID:
    """A member that is a UUID. Refuses BadInput with its place."""
    try:
        return UUID(found[name])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BadInput(
            f"“{name}” must be a UUID.", place={**(place or {}), "field": name}
        ) from None


def read_wanted(found: dict[str, Any]) -> int | None:
    """How many units a phone asks for; None leaves it to the job. Refuses BadInput."""
    wanted = found.get("want")
    if wanted is not None and not _is_count(wanted, 10_000):
        raise BadInput("“want” is how many units you ask for.", place={"field": "want"})
    return wanted


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an envelope says about one page.

    answers      in the order sent: an answer, or the refusal of one that cannot be read
    keys         the key of each, as it was sent
    back         number -> reason, of the units given back
    back_order   in the order sent: the number, and the refusal of what cannot be read
    """

    job_id: UUID
    page_id: UUID
    answers: list[Given | Refusal]
    keys: list[Any]
    back: dict[int, str] = field(default_factory=dict)
    back_order: list[tuple[Any, Refusal | None]] = field(default_factory=list)


def read_envelope(found: dict[str, Any], now: datetime) -> tuple[UUID, Iterator[Sheet]]:
    """The device of an envelope and its pages. Refuses BadInput, TooManyAnswers for the whole;
    what is wrong with one answer is that answer's own refusal."""
    device = read_uuid(found, "device")
    pages = found.get("pages")
    if not isinstance(pages, list) or not all(isinstance(page, dict) for page in pages):
        raise BadInput("“pages” is a list of pages.", place={"field": "pages"})
    lists = [
        _list(page, name, place) for place, page in enumerate(pages) for name in ("answers", "back")
    ]
    if sum(map(len, lists)) > MOST_ANSWERS or len(pages) > MOST_ANSWERS:
        raise TooManyAnswers
    places = [
        (read_uuid(page, "job", {"page": place}), read_uuid(page, "page", {"page": place}))
        for place, page in enumerate(pages)
    ]
    return device, (
        _sheet(job, page, lists[2 * place], lists[2 * place + 1], now)
        for place, (job, page) in enumerate(places)
    )


def _list(page: dict[str, Any], name: str, place: int) -> list[Any]:
    found = page.get(name, [])
    if not isinstance(found, list):
        raise BadInput(f"“{name}” is a list.", place={"page": place, "field": name})
    return found


def _sheet(job: UUID, page: UUID, answers: list[Any], back: list[Any], now: datetime) -> Sheet:
    sheet = Sheet(job, page, [], [])
    seen: set[tuple[str, int]] = set()
    for answer in answers:
        given = _given(answer, now)
        if isinstance(given, Given):
            names = {("key", given.key), ("number", given.number)}
            given = Repeated() if names & seen else given
            seen |= names
        sheet.answers.append(given)
        sheet.keys.append(answer[1] if isinstance(answer, list) and len(answer) > 1 else None)
    for entry in back:
        _take_back(sheet, entry)
    return sheet


def _given(answer: Any, now: datetime) -> Given | Refusal:
    if not isinstance(answer, list) or len(answer) != 5:
        return BadInput("An answer is [number, key, {question: […]}, milliseconds, answered at].")
    number, key, words, milliseconds, answered = answer
    if not _is_count(number, MOST_NUMBER):
        return BadInput("The unit's number is as it came with the page.", place={"field": "number"})
    if not _is_count(key, MOST_KEY):
        return BadInput("The key counts up from 0 on each device.", place={"field": "key"})
    if type(milliseconds) is not int:
        return BadInput("The time taken is in whole milliseconds.", place={"field": "milliseconds"})
    return Given(number, key, words, milliseconds, _answered_at(answered, now))


def _answered_at(epoch_ms: Any, now: datetime) -> datetime:
    """The phone's own time of an answer, kept for the record; ours where hers cannot be."""
    try:
        at = datetime.fromtimestamp(epoch_ms / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    return at if at <= now + MOST_AHEAD else now


def _take_back(sheet: Sheet, entry: Any) -> None:
    match entry:
        case [int(number), str(reason)] if _is_count(number, MOST_NUMBER) and "\0" not in reason:
            sheet.back[number] = reason[:REASON_LENGTH]
            sheet.back_order.append((number, None))
        case _:
            named = entry[0] if isinstance(entry, list) and entry else None
            why = BadInput("A unit given back is [number, reason in words].")
            sheet.back_order.append((named, why))


def _is_count(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most
