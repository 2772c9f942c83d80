"""Clients at work on a server: how many units a second, at which cost to the server."""

import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.parts.processes import cpu_seconds

#: one turn of a client: takes work, answers it, and says how many units that were (0: none left)
Turn = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Measured:
    """What clients got done.

    cpu_ms       the server's processor time for a unit, its database apart
    client_ms    the clients' own, who run on the same machine
    turn_ms      the median time of a turn, as a client sees it
    """

    units: int
    seconds: float
    cpu_ms: float
    client_ms: float
    turn_ms: float

    @property
    def a_second(self) -> float:
        return round(self.units / self.seconds, 2)


def work(turns: list[Turn], *, units: int, server: int, limit: float = 600) -> Measured:
    """Each client takes turns until `units` are done between them, none are left, or time is up.

    server   the process whose tree is charged
    """
    left = [units]
    guard = threading.Lock()
    until = time.monotonic() + limit

    def client(turn: Turn) -> tuple[int, list[float]]:
        done, took = 0, []
        while time.monotonic() < until:
            with guard:
                if left[0] <= 0:
                    break
            began = time.perf_counter()
            got = turn()
            took.append(time.perf_counter() - began)
            done += got
            if got == 0:
                break  # nothing for this one any more; others go on
            with guard:
                left[0] -= got
        return done, took

    cpu, own, began = cpu_seconds(server), time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(len(turns)) as pool:
        results = list(pool.map(client, turns))
    seconds = time.perf_counter() - began
    done = sum(count for count, _ in results)
    took = [one for _, times in results for one in times]
    cost = 1000 * (cpu_seconds(server) - cpu) / max(1, done)
    own = 1000 * (time.process_time() - own) / max(1, done)
    turn = 1000 * statistics.median(took)
    return Measured(done, seconds, round(cost, 2), round(own, 2), round(turn, 1))
