"""A stream in one compiled pass, beside the step that the service takes for each answer."""

import sys

import numpy as np
import pytest

from ujima.quality import online, stream
from ujima.quality.errors import NoNumba

from .crowd import crowd, shuffled


@pytest.mark.parametrize("name", ["rte", "cf"])
def test_the_compiled_pass_and_the_services_step_agree(name: str) -> None:
    j = shuffled(crowd(name).judgments, 3)
    k = j.n_labels
    beliefs = [[0.0] * k for _ in range(j.n_tasks)]
    counts = [online.no_counts(k) for _ in range(j.n_workers)]
    for task, worker, label in zip(
        j.task.tolist(), j.worker.tolist(), j.label.tolist(), strict=True
    ):
        beliefs[task], counts[worker] = online.observe(beliefs[task], counts[worker], label)
    passed = stream.observe_all(j)
    assert np.allclose(passed.posterior, [online.posterior(b) for b in beliefs], atol=1e-5)
    assert np.allclose(passed.counts, counts, atol=1e-4)


def test_without_numba_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    stream._kernel.cache_clear()
    with pytest.raises(NoNumba):
        stream.observe_all(crowd("cf").judgments)
    stream._kernel.cache_clear()
