"""Web, queue and database are killed while people work; what was acknowledged stays, is paid once,
and the work goes on to its end. bin/bench faults does the same fifty times."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ujima.base.store.locks import only_one

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "benchmarks.faults", "--quick", "--seed", "4"]
#: seconds; only ends a run that would never end
GIVE_UP = 900

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="finds the processes in Linux's /proc"
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> dict[str, float]:
    """The figures of one run, by name; test processes beside this one share it."""
    folder = tmp_path_factory.getbasetemp().parent
    file = folder / f"faults-{testrun_uid}.json"
    with only_one(folder):
        if not file.exists():
            file.write_text(last_line_of_a_run())
        figures = json.loads(file.read_text())["figures"]
    return {figure["name"]: figure["value"] for figure in figures}


def last_line_of_a_run() -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("UJIMA_")}
    env["UJIMA_DATA"] = str(ROOT / ".ujima" / "test")
    with subprocess.Popen(COMMAND, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        try:
            said, _ = run.communicate(timeout=GIVE_UP)
        finally:
            run.send_signal(signal.SIGINT)  # if it still runs, it ends what it started
    assert said, "the run did not come to its figures; it says why above"
    return said.splitlines()[-1]


def test_each_process_was_killed_while_people_worked(told: dict[str, float]) -> None:
    for kind in ("web", "web worker", "queue", "database", "backend", "all three"):
        assert told[f"kills: {kind}"] == 1
    assert told["kills while people worked"] == 6
    assert told["requests without an answer"] > 0
    assert told["judgments acknowledged"] > 100


def test_r1_no_acknowledged_judgment_is_lost_or_changed(told: dict[str, float]) -> None:
    assert told["acknowledged and lost"] == 0
    assert told["stored, but never acknowledged"] == 0
    assert told["refused without reason"] == 0


def test_r2_what_was_acknowledged_and_is_sent_again_is_already_kept(
    told: dict[str, float],
) -> None:
    assert told["sent again after all"] > 0
    assert told["sent again after all, not told “already kept”"] == 0
    assert told["judged twice by one person"] == 0


def test_r3_every_judgment_is_paid_once_at_the_price_shown(told: dict[str, float]) -> None:
    for broken in ("not paid", "paid twice", "paid for nothing"):
        assert told[broken] == 0
    assert told["paid at another price than was shown"] == 0
    assert told["postings to a worker that differ from what is owed to her"] == 0


def test_r4_the_ledger_balances_and_no_account_is_under_its_floor(
    told: dict[str, float],
) -> None:
    assert told["currencies in which the ledger does not sum to zero"] == 0
    assert told["transactions that do not sum to zero"] == 0
    assert told["accounts under their floor, or untrue"] == 0


def test_r5_no_unit_is_held_or_judged_more_often_than_it_needs(told: dict[str, float]) -> None:
    assert told["units held or judged more often than needed, or counted wrong"] == 0


def test_r10_once_the_faults_heal_the_job_ends_and_nothing_is_left_to_do(
    told: dict[str, float],
) -> None:
    # the run waits for it: the job finished, no lease, no task, no mark, all accruals posted
    assert "drained after the last one" in told
    assert told["processes left behind at the end"] == 0


def test_r16_worker_payroll_buyer_and_ledger_agree_after_all(told: dict[str, float]) -> None:
    assert told["numbers on which worker, buyer and ledger differ"] == 0
