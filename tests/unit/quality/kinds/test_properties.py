"""What must hold for every kind of answer, whatever people said."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.kinds.boxes import boxes
from ujima.quality.kinds.consensus import Consensus
from ujima.quality.kinds.multiple import multiple
from ujima.quality.kinds.numbers import numbers
from ujima.quality.kinds.pairs import pairs
from ujima.quality.kinds.spans import spans
from ujima.quality.kinds.texts import texts

SEEDS = st.integers(0, 2**32 - 1)
TEXT = "Sixty adult patients, 12 of them with rhinitis, took part in the trial."


class Crowd(NamedTuple):
    """Who judged what: every task by some people, nobody twice."""

    task: np.ndarray
    worker: np.ndarray
    n_tasks: int
    n_workers: int


def crowd(rng: np.random.Generator) -> Crowd:
    n_tasks, n_workers = int(rng.integers(1, 9)), int(rng.integers(1, 7))
    took = rng.random((n_tasks, n_workers)) < 0.7
    took[np.arange(n_tasks), rng.integers(n_workers, size=n_tasks)] = True
    return Crowd(*np.nonzero(took), n_tasks, n_workers)


def say_numbers(rng: np.random.Generator, n: int) -> tuple[Any, ...]:
    return (rng.normal(50, 20, n),)


def say_texts(rng: np.random.Generator, n: int) -> tuple[Any, ...]:
    # words of everybody's own, so that no two texts are equally near
    return ([" ".join(rng.choice(list("abcdefgh"), rng.integers(1, 9))) for _ in range(n)],)


def say_boxes(rng: np.random.Generator, n: int) -> tuple[Any, ...]:
    drawn = np.concatenate([rng.uniform(0, 30, (n, 2)), rng.uniform(10, 40, (n, 2))], axis=1)
    drawn[rng.random(n) < 0.2] = np.nan
    return (drawn,)


def say_spans(rng: np.random.Generator, n: int) -> tuple[Any, ...]:
    start = rng.integers(0, len(TEXT) - 12, n)
    end = start + rng.integers(1, 12, n)
    none = rng.random(n) < 0.2
    return np.where(none, -1, start), np.where(none, -1, end)


def say_choices(rng: np.random.Generator, n: int) -> tuple[Any, ...]:
    return (rng.random((n, 3)) < 0.5,)


Kind = tuple[Callable[..., Consensus], Callable[..., tuple[Any, ...]]]
KINDS: dict[str, Kind] = {
    "numbers": (numbers, say_numbers),
    "texts": (texts, say_texts),
    "boxes": (boxes, say_boxes),
    "spans": (spans, say_spans),
    "multiple": (multiple, say_choices),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def infer(kind: str, who: Crowd, said: tuple[Any, ...], **more: Any) -> Consensus:
    return KINDS[kind][0](
        who.task, who.worker, *said, n_tasks=who.n_tasks, n_workers=who.n_workers, **more
    )


def plain(answer: Any) -> Any:
    """An answer to be compared: the numbers in it to six digits."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, int | float):
        return pytest.approx(answer, rel=1e-5, abs=1e-5)
    return [plain(part) for part in answer]


def as_lists(answer: Any) -> Any:
    return [as_lists(part) for part in answer] if isinstance(answer, list | tuple) else answer


@every_kind
@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_shares_are_shares_and_everybody_is_counted(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    who = crowd(rng)
    found = infer(kind, who, KINDS[kind][1](rng, len(who.task)))
    assert len(found.answers) == who.n_tasks
    for share, size in ((found.confidence, who.n_tasks), (found.skill, who.n_workers)):
        assert share.shape == (size,)
        known = share[~np.isnan(share)]
        assert ((known >= 0) & (known <= 1 + 1e-9)).all()
    assert not np.isnan(found.confidence).any()
    assert found.judgments.tolist() == np.bincount(who.task, minlength=who.n_tasks).tolist()
    assert found.judged.tolist() == np.bincount(who.worker, minlength=who.n_workers).tolist()
    assert sorted(found.disputed().tolist()) == list(range(who.n_tasks))
    assert (np.diff(found.confidence[found.disputed()]) >= 0).all()


@every_kind
@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_permuting_tasks_and_people_permutes_the_answer(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    who = crowd(rng)
    said = KINDS[kind][1](rng, len(who.task))
    task_to, worker_to = rng.permutation(who.n_tasks), rng.permutation(who.n_workers)
    before = infer(kind, who, said)
    after = infer(kind, who._replace(task=task_to[who.task], worker=worker_to[who.worker]), said)
    for at, to in enumerate(task_to.tolist()):
        assert as_lists(after.answers[to]) == plain(as_lists(before.answers[at]))
    assert after.confidence[task_to] == pytest.approx(before.confidence, abs=1e-5)
    assert after.skill[worker_to] == pytest.approx(before.skill, abs=1e-5, nan_ok=True)


@every_kind
@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_nothing_that_was_given_is_changed(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    who = crowd(rng)
    said = KINDS[kind][1](rng, len(who.task))
    kept = [np.array(part, copy=True) for part in (*who[:2], *said)]
    infer(kind, who, said)
    for before, after in zip(kept, (*who[:2], *said), strict=True):
        assert np.array_equal(before, np.array(after), equal_nan=before.dtype.kind == "f")


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_what_everybody_says_alike_is_kept(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n_tasks, n_workers = int(rng.integers(2, 7)), int(rng.integers(3, 6))
    task, worker = np.divmod(np.arange(n_tasks * n_workers), n_workers)
    who = Crowd(task, worker, n_tasks, n_workers)
    [text] = say_texts(rng, n_tasks)
    assert infer("texts", who, ([text[t] for t in task],)).answers == text
    [box] = say_boxes(rng, n_tasks)
    for own, found in zip(box, infer("boxes", who, (box[task],)).answers, strict=True):
        assert [b[:4] for b in found] == [pytest.approx(own)] * bool(np.isfinite(own).all())
    [number] = say_numbers(rng, n_tasks)
    found = infer("numbers", who, (number[task],))
    assert found.answers == pytest.approx(number, abs=0.01)
    assert (found.confidence > 0.99).all()


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, n=st.integers(3, 6))
def test_choices_and_spans_that_everybody_makes_alike_are_kept(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    task, worker = np.divmod(np.arange(12 * n), n)
    who = Crowd(task, worker, 12, n)
    chosen = np.arange(12)[:, None] // np.array([1, 2, 4]) % 2 == rng.integers(2)
    answers = infer("multiple", who, (chosen[task],)).answers
    assert answers == [np.flatnonzero(row).tolist() for row in chosen]
    ends = np.array([(0, 5), (6, 20), (22, 46), (-1, -1)])[rng.integers(4, size=12)]
    said = ends[task, 0], ends[task, 1]
    marked = infer("spans", who, said, texts=[TEXT] * 12)
    assert marked.answers == [[(a, b)] if b > a else [] for a, b in ends.tolist()]


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, scale=st.sampled_from([1e-6, 1e-3, 7.0, 1e6]), shift=st.floats(-10, 10))
def test_another_unit_of_measure_gives_the_same_numbers_in_it(
    seed: int, scale: float, shift: float
) -> None:
    rng = np.random.default_rng(seed)
    who = crowd(rng)
    [value] = say_numbers(rng, len(who.task))
    before = infer("numbers", who, (value,))
    after = infer("numbers", who, ((value + shift) * scale,))
    assert np.array(after.answers) / scale - shift == pytest.approx(before.answers, abs=1e-2)
    assert after.confidence == pytest.approx(before.confidence, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_pairs_do_not_depend_on_names_and_the_order_of_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n_items, n_workers, n = 5, 3, 30
    one = np.r_[rng.integers(n_items, size=n), np.arange(n_items)]
    other = (one + rng.integers(1, n_items, size=len(one))) % n_items
    worker = rng.integers(n_workers, size=len(one))
    before = pairs(one, other, worker, n_items=n_items, n_workers=n_workers)
    item_to, worker_to = rng.permutation(n_items), rng.permutation(n_workers)
    rows = rng.permutation(len(one))
    after = pairs(
        item_to[one][rows],
        item_to[other][rows],
        worker_to[worker][rows],
        n_items=n_items,
        n_workers=n_workers,
    )
    assert np.array(after.answers)[item_to] == pytest.approx(before.answers, abs=1e-4)
    assert after.skill[worker_to] == pytest.approx(before.skill, abs=1e-4, nan_ok=True)
    assert sum(before.answers) == pytest.approx(0, abs=1e-9)
    assert ((before.confidence >= 0.5) & (before.confidence <= 1)).all()


def test_a_cycle_leaves_things_equal_and_things_never_compared_stand_beside_each_other() -> None:
    ring = pairs(np.arange(3), np.array([1, 2, 0]), np.zeros(3, int), n_items=3, n_workers=1)
    assert ring.answers == pytest.approx([0, 0, 0], abs=1e-6)
    apart = pairs(
        np.array([0, 2]), np.array([1, 3]), np.array([0, 0]), n_items=4, n_workers=1
    ).answers
    assert apart[0] == pytest.approx(apart[2])
    assert apart[0] > apart[1]


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_box_with_only_some_of_its_numbers_is_refused_and_not_taken_for_none(broken) -> None:
    box = np.array([[0, 0, 5, 5], [0, broken, 5, 5]])
    with pytest.raises(BadJudgments, match="1 boxes have an edge that is no number") as refused:
        boxes(np.zeros(2, int), np.arange(2), box, n_tasks=1, n_workers=2)
    assert refused.value.place == {"rows": [1]}
