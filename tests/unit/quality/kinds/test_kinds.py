"""Answers that are not one choice: what must hold for each kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.kinds.boxes import boxes, overlaps
from ujima.quality.kinds.edits import distance, words
from ujima.quality.kinds.multiple import multiple
from ujima.quality.kinds.numbers import numbers
from ujima.quality.kinds.pairs import from_rankings, pairs
from ujima.quality.kinds.spans import read, spans, states_of, tokens_of
from ujima.quality.kinds.texts import texts

TASKS, WORKERS = 6, 4
TASK = np.repeat(np.arange(TASKS), WORKERS)
WORKER = np.tile(np.arange(WORKERS), TASKS)
SIZES = {"n_tasks": TASKS, "n_workers": WORKERS}


def naive(a: list[str], b: list[str]) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        before, row = row, [i + 1]
        for j, y in enumerate(b):
            row.append(min(before[j] + (x != y), before[j + 1] + 1, row[j] + 1))
    return row[-1]


@given(st.text("abc", max_size=80), st.text("abc", max_size=80))
def test_edit_distance_is_that_of_the_textbook(a: str, b: str) -> None:
    assert distance(a, b) == naive(list(a), list(b))


def test_words_have_no_case_and_no_marks_and_khmer_is_cut_into_signs() -> None:
    assert words("It's  SO, far!") == ["it's", "so", "far"]
    assert len(words("ភាសាខ្មែរ")) > 5
    assert words("हिन्दी भाषा") == ["हिन्दी", "भाषा"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_numbers_do_not_depend_on_the_order_of_people_and_tasks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value = rng.normal(50, 20, len(TASK))
    task_to, worker_to = rng.permutation(TASKS), rng.permutation(WORKERS)
    before = numbers(TASK, WORKER, value, **SIZES)
    after = numbers(task_to[TASK], worker_to[WORKER], value, **SIZES)
    assert np.allclose(np.array(after.answers)[task_to], before.answers, atol=1e-6)
    assert np.allclose(after.skill[worker_to], before.skill, atol=1e-6)
    assert ((before.confidence >= 0) & (before.confidence <= 1)).all()


def test_a_number_leaves_out_who_answers_anything() -> None:
    rng = np.random.default_rng(1)
    true = rng.uniform(0, 100, 200)
    task, worker = np.repeat(np.arange(200), 4), np.tile(np.arange(4), 200)
    value = true[task] + rng.normal(0, 5, 800) + np.where(worker == 1, 15, 0)
    value[worker == 3] = rng.uniform(0, 100, 200)
    found = numbers(task, worker, value, n_tasks=200, n_workers=4)
    mean = np.bincount(task, value) / 4
    error, plain = (np.std(x - true) for x in (np.array(found.answers), mean))
    assert error < plain / 2
    assert found.skill.argmin() == 3


def test_a_known_number_stands() -> None:
    value = np.linspace(0, 10, len(TASK))
    assert numbers(TASK, WORKER, value, gold={2: 77.0}, **SIZES).answers[2] == 77.0
    with pytest.raises(BadJudgments, match="1 numbers are not finite"):
        numbers(TASK, WORKER, np.where(TASK + WORKER == 0, np.nan, value), **SIZES)


def test_the_text_nearest_to_the_others_is_chosen() -> None:
    said = ["the cat sat", "the cat sat down", "the cat sat", "no idea"] * TASKS
    found = texts(TASK, WORKER, said, gold={1: "a known one"}, **SIZES)
    assert found.answers[0] == "the cat sat"
    assert found.answers[1] == "a known one"
    assert found.skill.argmin() == 3
    assert 0.5 < found.confidence[0] < 1


def test_a_text_of_one_person_is_taken_without_confidence() -> None:
    found = texts(np.array([0]), np.array([0]), ["alone"], n_tasks=1, n_workers=1)
    assert found.answers == ["alone"]
    assert found.confidence[0] == 0


TEXT = "Sixty adult patients with rhinitis took part in the trial."


def test_spans_of_most_people_are_found_at_whole_tokens() -> None:
    start = np.array([0, 0, 0, -1])
    end = np.array([20, 20, 34, -1])
    people = np.arange(4)
    found = spans(np.zeros(4, int), people, start, end, n_tasks=1, n_workers=4, texts=[TEXT])
    assert found.answers == [[(0, 20)]]
    without = spans(np.zeros(4, int), people, start, end, n_tasks=1, n_workers=4)
    assert without.answers == [[(0, 20)]]


@given(st.lists(st.tuples(st.integers(0, 56), st.integers(1, 9)), max_size=4))
def test_spans_at_whole_tokens_are_read_back_as_they_were(drawn: list[tuple[int, int]]) -> None:
    tokens = tokens_of(TEXT)
    places = sorted({(a % len(tokens.start)) for a, _ in drawn})
    own = [(int(tokens.start[p]), int(tokens.end[p])) for p in places]
    state = states_of(own, tokens)
    assert read(np.eye(3)[state], tokens) == own


def test_a_span_outside_its_text_is_refused_with_its_row() -> None:
    with pytest.raises(BadJudgments, match="1 spans are empty or outside") as refused:
        spans(
            np.zeros(2, int),
            np.arange(2),
            np.array([0, 5]),
            np.array([4, 900]),
            n_tasks=1,
            n_workers=2,
            texts=[TEXT],
        )
    assert refused.value.place == {"rows": [1]}


def test_overlapping_boxes_are_one_thing_and_a_stray_one_is_none() -> None:
    box = np.array([[0, 0, 10, 10], [1, 0, 10, 10], [0, 1, 10, 10], [50, 50, 5, 5]], float)
    found = boxes(np.zeros(4, int), np.arange(4), box, n_tasks=1, n_workers=4)
    [only] = found.answers[0]
    assert overlaps(np.array([only[:4]]), box[:1])[0, 0] > 0.8
    assert found.skill[3] < found.skill[0]


def test_one_person_never_has_two_boxes_in_one_thing() -> None:
    box = np.array([[0, 0, 10, 10], [1, 0, 10, 10]], float)
    found = boxes(np.zeros(2, int), np.zeros(2, int), box, n_tasks=1, n_workers=1)
    assert len(found.answers[0]) == 2


def test_who_drew_nothing_speaks_against_a_box() -> None:
    box = np.array([[0, 0, 10, 10], *[[np.nan] * 4] * 3])
    assert boxes(np.zeros(4, int), np.arange(4), box, n_tasks=1, n_workers=4).answers == [[]]
    with pytest.raises(BadJudgments, match="1 boxes have no size"):
        boxes(
            np.zeros(1, int), np.zeros(1, int), np.array([[0, 0, 0, 4.0]]), n_tasks=1, n_workers=1
        )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_posterior_of_scores_never_falls(seed: int) -> None:
    rng = np.random.default_rng(seed)
    best = rng.integers(0, 8, 60)
    rest = (best + rng.integers(1, 8, 60)) % 8
    things = np.r_[best, np.arange(8)], np.r_[rest, (np.arange(8) + 1) % 8]
    worker = rng.integers(0, 3, 68)
    found = pairs(*things, worker, n_items=8, n_workers=3, max_iter=60)
    assert (np.diff(found.history) >= -1e-9).all()


def test_a_ranking_gives_its_order_and_who_says_the_opposite_is_not_believed() -> None:
    rankings = [[0, 1, 2, 3]] * 4 + [[3, 2, 1, 0]]
    found = pairs(*from_rankings(rankings, [0, 1, 2, 3, 4]), n_items=4, n_workers=5)
    assert np.argsort(found.answers).tolist() == [3, 2, 1, 0]
    assert found.skill.argmin() == 4
    with pytest.raises(BadJudgments, match="names a thing twice"):
        from_rankings([[1, 1]], [0])
    with pytest.raises(BadJudgments, match="with itself"):
        pairs(np.array([1]), np.array([1]), np.array([0]), n_items=2, n_workers=1)


def test_each_choice_is_judged_by_itself() -> None:
    chosen = np.zeros((len(TASK), 3), bool)
    chosen[:, 0] = TASK % 2 == 0
    chosen[:, 1] = TASK >= 3
    chosen[WORKER == 3] = True
    found = multiple(TASK, WORKER, chosen, gold={0: {2}}, **SIZES)
    assert found.answers[1:] == [[], [0], [1], [0, 1], [1]]
    assert found.answers[0] == [2]
    assert found.skill.argmin() == 3


@pytest.mark.parametrize("kind", [numbers, texts])
def test_a_task_without_a_judgment_is_refused(kind) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadJudgments, match="1 tasks have no judgment"):
        kind(np.array([0]), np.array([0]), np.array([1.0]), n_tasks=2, n_workers=1)


def test_a_text_does_not_speak_for_who_wrote_it() -> None:
    task, worker = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 2])
    found = texts(task, worker, ["a b", "c d", "e f", "g h", "i"], n_tasks=3, n_workers=3)
    assert found.skill[:2].tolist() == [0, 0]
    assert np.isnan(found.skill[2])


def test_numbers_of_any_size_are_reckoned_with_or_refused() -> None:
    said = np.array([1.0, 1.0, 5.0, 5.0]) * 1e200
    who = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    found = numbers(*who, said, n_tasks=2, n_workers=2)
    assert np.allclose(np.array(found.answers) / 1e200, [1, 5], atol=0.5)
    assert np.isfinite(found.confidence).all()
    with pytest.raises(BadJudgments, match="too far"):
        numbers(*who, said * 1e-300, n_tasks=2, n_workers=2, gold={0: 1e308})


def test_a_box_does_not_speak_for_who_drew_it() -> None:
    box = np.array([[0, 0, 4, 4], [50, 50, 4, 4], [np.nan] * 4, [9, 9, 4, 4]])
    who = {"task": np.array([0, 0, 1, 2]), "worker": np.array([0, 1, 2, 0])}
    found = boxes(**who, box=box, n_tasks=3, n_workers=3)
    assert found.skill[:2].tolist() == [0, 0]
    assert np.isnan(found.skill[2])
    known = boxes(**who, box=box, n_tasks=3, n_workers=3, gold={1: [], 0: [(0, 0, 4, 4)]})
    assert known.skill.tolist() == [1, 0, 1]
