"""The queue's process, before it takes its first work."""

import subprocess
import sys

QUEUE = """
import ujima.commands.work as work
from contextlib import nullcontext
from types import SimpleNamespace

async def known(at_once):
    from procrastinate.contrib.django import app
    print(*app.tasks)

work.open_store = nullcontext
work.Dispatcher.run = lambda dispatcher: None
work._work = known
work.run(SimpleNamespace(at_once=1))
"""


def test_r10_the_queue_knows_its_tasks_before_it_takes_up_what_waited_for_it() -> None:
    said = subprocess.run([sys.executable, "-c", QUEUE], capture_output=True, text=True, check=True)
    assert "settle" in said.stdout.split()
