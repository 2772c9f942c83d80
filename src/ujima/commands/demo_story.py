"""The demo's replay: set up once, played to the end, with progress that can be seen."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from ujima.commands.demo_cast import FIRST_AT_OPEN, Setting, open_part, recorded, set_up
from ujima.commands.phones import Phone, Unwell, replay
from ujima.people.queries import principal_in
from ujima.quality.queries import newest_fit
from ujima.work.queries.jobs import job_of

PAGE = 5
#: units of the open job that each of its first people answers
OPEN_PAGE = 10


def begin(folder: Path) -> Setting:
    """What an earlier run has set up, or a new one."""
    setting = Setting.read(folder)
    if setting is None:
        print("Setting up the people and the job ...", file=sys.stderr, flush=True)
        setting = set_up(recorded(), settings.FEE_BP, timezone.now())
        setting.keep(folder)
    return setting


def play(setting: Setting, folder: Path, port: int, seconds: float, stop: threading.Event) -> bool:
    """Replay until the job is finished; False if it was stopped before."""
    if not setting.open_is_begun and not _begin_open(setting, port, stop):
        return False
    setting.open_is_begun = True
    setting.keep(folder)
    if _is_finished(setting):
        return True
    phones = _phones(setting, port)
    began = time.monotonic() - setting.seconds

    def keep_time() -> None:
        setting.seconds = time.monotonic() - began
        setting.keep(folder)

    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(setting, over, keep_time), daemon=True)
    teller.start()
    try:
        replay(
            phones,
            page_size=PAGE,
            seconds=seconds,
            is_done=lambda: _is_finished(setting),
            stop=stop,
        )
    finally:
        over.set()
        teller.join()
        keep_time()
    return _is_finished(setting)


def _phones(setting: Setting, port: int) -> list[Phone]:
    data = recorded()
    order = {task: at for at, task in enumerate(data.pairs)}
    return [
        Phone(
            token=token,
            device_id=UUID(device),
            record={data.pairs[t]: (order[t] + 1, label) for t, label in data.said[code].items()},
            port=port,
            job_id=UUID(setting.job_id),
        )
        for code, (token, device) in setting.phones.items()
    ]


def _begin_open(setting: Setting, port: int, stop: threading.Event) -> bool:
    """A few people answer a page of the open job as they did when the data was made, so that its
    pages have something to show; False if it was stopped before."""
    data = recorded()
    pairs = open_part(data).pairs
    for code in FIRST_AT_OPEN:
        token, device = setting.phones[code]
        said = data.said[code]
        phone = Phone(
            token=token,
            device_id=UUID(device),
            # keys of their own: a pair may be in both jobs, and the same phone answers it twice
            record={p: (len(data.pairs) + n, said[t]) for n, (t, p) in enumerate(pairs.items(), 1)},
            port=port,
            job_id=UUID(setting.open_job_id),
        )
        while not stop.is_set():
            try:
                phone.work(OPEN_PAGE)
                break
            except Unwell:
                stop.wait(0.5)
    return not stop.is_set()


def _is_finished(setting: Setting) -> bool:
    try:
        close_old_connections()
        buyer = principal_in(UUID(setting.buyer_person), UUID(setting.buyer_id))
        return job_of(buyer, UUID(setting.job_id)).state == "finished"
    except OperationalError:  # the database is being started again
        connection.close()
        return False


def _tell(setting: Setting, over: threading.Event, keep_time: Callable[[], None]) -> None:
    """One line that moves on a terminal; else a line every few seconds. The time that was spent is
    kept as it passes, as a run may be cut off."""
    is_terminal = sys.stderr.isatty()
    while not over.wait(0.5 if is_terminal else 5.0):
        keep_time()
        try:
            close_old_connections()
            fit = newest_fit(UUID(setting.buyer_id), UUID(setting.job_id))
        except OperationalError:
            connection.close()
            continue
        if fit:
            done = round(30 * fit.ready / fit.units)
            line = (
                f"[{'█' * done}{'·' * (30 - done)}] {fit.ready} of {fit.units} results, "
                f"{fit.judgments:,} judgments, mean confidence {fit.mean_confidence:.3f}"
            )
            print(f"\r{line}" if is_terminal else line, end="" if is_terminal else "\n",
                  file=sys.stderr, flush=True)  # fmt: skip
    if is_terminal:
        print(file=sys.stderr)
    connection.close()
