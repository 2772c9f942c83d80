"""Faults under load: people work on a site whose processes are killed; then all is counted.

Needs Django set up for the site's store.
"""

import random
import statistics
import time
from collections import defaultdict
from uuid import UUID

from benchmarks.parts import promises
from benchmarks.parts.figures import Report, say
from benchmarks.parts.jobs import make_house, texts
from benchmarks.parts.outbox import Crowd, Notes, Worker
from benchmarks.parts.site import KINDS, Site, until
from benchmarks.parts.wire import Wire

PEOPLE = 8
PAGE = 5
#: seconds that a person thinks about a page, on average, so that work lasts through all kills
THINK = 0.3
#: before each kill so many judgments are acknowledged again: people are at work when it comes
AT_WORK = (5, 60)
#: so often something else is killed as well before all is back
AGAIN = 0.3
#: units for each kill: between the kills, and until all is back, so much work is surely there
UNITS_A_KILL = 100
FEE_BP = 200
#: seconds in which a healed site has surely drained: what a killed queue held is taken up after 40
SURELY_DRAINED = 300.0


def order(cycles: int, chance: random.Random) -> list[str]:
    """Which kind each kill is of: in every six, each kind once, in any order."""
    kinds: list[str] = []
    while len(kinds) < cycles:
        kinds += chance.sample(KINDS, len(KINDS))
    return kinds[:cycles]


class Run:
    """One site, its people, and what they do and suffer."""

    def __init__(self, site: Site, cycles: int, seed: int) -> None:
        self.site, self.seed = site, seed
        self.chance = random.Random(seed)
        self.kinds = order(cycles, self.chance)
        self.house = make_house()
        units = texts(UNITS_A_KILL * cycles)
        self.job_id: UUID = self.house.job("Faults", units, least=3, most=5, fee_bp=FEE_BP)
        self.phones = self.house.phones(PEOPLE)
        self.recovered: dict[str, list[float]] = defaultdict(list)
        self.at_work = self.before_back = 0

    def crowd(self) -> Crowd:
        """The people and their phones."""
        notes, wire = Notes(), Wire(self.site.port, 20)
        workers = [
            Worker(phone, wire, self.job_id, notes, self.seed * 1000 + number)
            for number, phone in enumerate(self.phones)
        ]
        return Crowd(workers, page_size=PAGE, think=THINK)

    def kill(self, crowd: Crowd) -> None:
        """Kill one after the other, each at a moment when people are at work."""
        for number, kind in enumerate(self.kinds, 1):
            self._let_people_work(crowd)
            seconds, also = self._strike(kind)
            self.recovered[kind].append(seconds)
            say(
                f"{number} of {len(self.kinds)}: {kind} killed{also}, back after {seconds:.1f} s;"
                f" {crowd.acknowledged} acknowledged"
            )

    def _let_people_work(self, crowd: Crowd) -> None:
        wanted = crowd.acknowledged + self.chance.randint(*AT_WORK)
        until(lambda: crowd.acknowledged >= wanted or crowd.is_idle, "people work again")
        self.at_work += not crowd.is_idle
        time.sleep(self.chance.uniform(0, 0.3))

    def _strike(self, kind: str) -> tuple[float, str]:
        """Kill, sometimes twice, and wait; the seconds until all was back."""
        began = time.monotonic()
        victims = self.site.kill(kind, self.chance)
        also = ""
        if self.chance.random() < AGAIN:
            time.sleep(self.chance.uniform(0, 1.5))
            other = self.chance.choice(KINDS)
            self.before_back += 1
            also = f", then {other}"
            victims += self.site.kill(other, self.chance)
        self.site.until_back(victims)
        return time.monotonic() - began, also

    def drain(self, crowd: Crowd) -> float:
        """Let people finish; the seconds until nothing is left to do."""
        began = time.monotonic()
        crowd.think = 0.0
        left = {"everything": 1}

        def is_drained() -> bool:
            nonlocal left
            time.sleep(0.5)
            now = promises.undone(self.job_id)
            if now.keys() != left.keys():
                say(f"still to do: {now}" if now else "drained")
            left = now
            return not left

        until(is_drained, "the site drains", SURELY_DRAINED)
        return time.monotonic() - began


def tell(run: Run, crowd: Crowd, drained: float, report: Report) -> None:
    """Compare what was acknowledged with what is there, and count every broken promise."""
    notes = crowd.notes
    compared = promises.compare(run.job_id, notes.acknowledged)
    report.reported("judgments acknowledged", len(notes.acknowledged), "")
    report.at_most("acknowledged and lost", compared.lost, "", 0)
    report.at_most("stored, but never acknowledged", compared.unheard, "", 0)
    for name, count in promises.broken(run.job_id).items():
        report.at_most(name, count, "", 0)
    differing = promises.disagreements(run.house, run.job_id, run.phones)
    for line in differing:
        say(f"  {line}")
    report.at_most("numbers on which worker, buyer and ledger differ", len(differing), "", 0)
    report.at_most("refused without reason", len(notes.refused), "", 0)
    report.at_most("sent again after all, not told “already kept”", notes.contradicted, "", 0)
    report.reported("sent again after all", notes.twice, "judgments")
    report.reported("kept, though the first acknowledgement never arrived", notes.already, "")
    report.reported("requests without an answer", notes.unanswered, "")
    report.reported("kills while people worked", run.at_work, "")
    for kind in KINDS:
        report.reported(f"kills: {kind}", len(run.recovered[kind]), "")
    report.reported("kills before all was back", run.before_back, "")
    for kind in KINDS:
        if times := run.recovered[kind]:
            report.reported(f"back after: {kind}, median", round(statistics.median(times), 2), "s")
    times = [seconds for some in run.recovered.values() for seconds in some]
    report.reported("back after: any, median", round(statistics.median(times), 2), "s")
    report.reported("back after: any, longest", round(max(times), 2), "s")
    report.reported("drained after the last one", round(drained, 1), "s")
