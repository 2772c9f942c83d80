"""A job at redundancy 10 with workers who have much behind them, and pgbench on its statements."""

import cProfile
import os
import pstats
import random
import re
import subprocess
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.utils import timezone

from benchmarks.parts.jobs import House, Phone, texts
from ujima.base.store import binaries
from ujima.base.store.connections import url_for
from ujima.people.standing import Worker
from ujima.work import statements
from ujima.work.actions.leases import FIRST_LOOK, lease_page

#: what stands for the parameters of a statement, where pgbench runs it
_GIVEN = {
    "org": ":org::uuid",
    "job": ":job::uuid",
    "provider": ":provider::uuid",
    "centre": "null",
    "person": ":person::uuid",
    "membership": ":membership::uuid",
    "page": "gen_random_uuid()",
    "version": "1",
    "wanted": "10",
    "golds": "0",
    "view": str(10 * FIRST_LOOK),
    "first": "0",
    "seq": ":seq::int",
    "now": "now()",
    "until": "now() + interval '1 hour'",
}
_HISTORY = """
insert into work_lease (org_id, job_id, unit_id, person_id, membership_id, provider_id, page_id,
    number, version, state, reason, leased_at, expires_at)
select %(org)s, %(job)s, u.id, w.person, w.membership, %(provider)s, gen_random_uuid(), 1, 1, 1,
    '', now() - interval '1 day', now() - interval '1 day'
from unnest(%(people)s::uuid[], %(memberships)s::uuid[]) with ordinality
    as w (person, membership, n)
join work_unit u on u.org_id = %(org)s and u.job_id = %(job)s
    and (u.seq - 1 - (w.n - 1) * %(step)s + %(units)s) %% %(units)s < %(done)s
"""
_COUNT = """
update work_unit u set taken = c.n from (
    select unit_id, count(*) as n from work_lease where job_id = %(job)s group by 1) c
where u.id = c.unit_id
"""
#: every second worker stands before all that she has done and must pass over it: the worst case
_BOOKMARKS = """
insert into work_bookmark (org_id, job_id, person_id, seq, offered, golds)
select %(org)s, %(job)s, w.person,
    ((w.n - 1) * %(step)s + case when w.n %% 2 = 0 then %(done)s else 0 end) %% %(units)s,
    %(done)s, 0
from unnest(%(people)s::uuid[]) with ordinality as w (person, n)
"""


def experienced(house: House, phones: list[Phone], *, units: int, done: int) -> UUID:
    """A job of `units` at redundancy 10, of which each worker has judged `done` in a row, the
    workers spread over the job; for half of them these are the very units that come next."""
    job_id = house.job("Claims", texts(units), least=10, most=10)
    given = {
        "org": house.buyer.org_id,
        "job": job_id,
        "provider": house.manager.org_id,
        "people": [phone.person_id for phone in phones],
        "memberships": [phone.membership_id for phone in phones],
        "step": max(1, units // len(phones)),
        "units": units,
        "done": done,
    }
    with connection.cursor() as cursor:
        for statement in (_HISTORY, _COUNT, _BOOKMARKS):
            cursor.execute(statement, given)
    return job_id


def settle_down() -> None:
    """What autovacuum does within a minute of a mass change, done now, by the tables' owner."""
    import psycopg

    with psycopg.connect(url_for("owner", os.environ), autocommit=True) as owner:
        for table in ("work_unit", "work_lease", "work_bookmark"):
            owner.execute(f"vacuum analyze {table}")


def script(phones: list[Phone]) -> str:
    """The statements of one claim, as pgbench runs them: in one transaction, as Ujima does."""
    people = ", ".join(f"('{phone.person_id}', '{phone.membership_id}')" for phone in phones)
    return f"""\\set w random(1, {len(phones)})
select p as person, m as membership from (values {people}) as v (p, m) offset :w - 1 limit 1 \\gset
begin;
{_for_pgbench(statements.OPEN_JOB)} \\gset
{_for_pgbench(statements.CLAIM)};
commit;
"""


def _for_pgbench(statement: str) -> str:
    return re.sub(r"%\((\w+)\)s", lambda found: _GIVEN[found[1]], statement).strip()


def pgbench(house: House, phones: list[Phone], job_id: UUID, folder: Path, seconds: int) -> float:
    """Claims a second that the database alone does: 8 clients, the same statements."""
    file = folder / "claim.sql"
    file.write_text(script(phones))
    program = binaries.find(os.environ).program("pgbench")
    told = subprocess.run(
        [
            program, "--no-vacuum", "--protocol=prepared", "--client=8", "--jobs=2",
            f"--time={seconds}", f"--file={file}",
            f"--define=org={house.buyer.org_id}", f"--define=job={job_id}",
            f"--define=provider={house.manager.org_id}", url_for("app", os.environ),
        ],
        capture_output=True, text=True, check=False, env=binaries.clean_environment(),
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", told.stdout)
    if not found or "client" in told.stderr:
        raise AssertionError(f"pgbench said: {told.stdout}{told.stderr}"[:2000])
    return float(found[1])


def profile(
    house: House, phones: list[Phone], job_id: UUID, claims: int
) -> list[tuple[str, float]]:
    """Where the time of a claim goes, without HTTP: [(function, share of the time)], most first."""
    now = timezone.now()
    chance = random.Random(1)
    standing = [_worker(house, phone) for phone in phones]
    lease_page(worker=standing[0], job_id=job_id, wanted=10, now=now)
    watch = cProfile.Profile()
    watch.enable()
    for _ in range(claims):
        lease_page(worker=chance.choice(standing), job_id=job_id, wanted=10, now=now)
    watch.disable()
    stats = pstats.Stats(watch)
    total = stats.total_tt
    spent = [
        (f"{Path(file).name}:{function}", own / total)
        for (file, _, function), (_, _, own, _, _) in stats.stats.items()
    ]
    return sorted(spent, key=lambda one: -one[1])


def _worker(house: House, phone: Phone) -> Worker:
    return Worker(
        person_id=phone.person_id,
        membership_id=phone.membership_id,
        provider_id=house.manager.org_id,
        centre_id=None,
        timezone="UTC",
    )
