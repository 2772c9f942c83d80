"""A classifier's labels: by folds over units, never from gold, the same every time."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments, NoModelLabels
from ujima.quality.judgments import Judgments
from ujima.quality.model_labels.columns import columns_of, number_in, pairs_of
from ujima.quality.model_labels.features import features_of
from ujima.quality.model_labels.folds import (
    FOLDS,
    by_folds,
    folds_of,
    joined,
    majority_of,
    model_labels,
)
from ujima.quality.model_labels.words import plain
from ujima.quality.truth.ibcc import ibcc


def asked(truth, accuracy=0.8, each=3, seed=0):
    """`each` of five people judge each task and are right so often."""
    rng = np.random.default_rng(seed)
    n = len(truth)
    worker = np.concatenate([rng.permutation(5)[:each] for _ in range(n)])
    task = np.repeat(np.arange(n), each)
    right = rng.random(n * each) < accuracy
    label = np.where(right, truth[task], 1 - truth[task])
    return Judgments(task, worker, label, n, 5, 2)


def products(n=200, seed=0):
    """Pairs of things and whether they are the same; each is written in its own way."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    rows = []
    for same in truth:
        code, other = rng.integers(100, 10_000, 2)
        rows.append(
            {
                "left_name": f"Radio AX-{code}",
                "right_name": f"radio, ax {code if same else other} black",
                "left_price": f"${code}.00",
                "right_price": str(code if same else other),
            }
        )
    return rows, truth


def texts(n=160, seed=0):
    """Single texts in three scripts; what they say decides."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    good = ["बहुत अच्छा काम", "ល្អណាស់", "nzuri sana"]
    bad = ["बहुत बुरा काम", "អាក្រក់ណាស់", "mbaya sana"]
    fill = rng.integers(0, 10_000, n)
    return [
        {"text": f"{(good if t else bad)[f % 3]} {f}"} for t, f in zip(truth, fill, strict=True)
    ], truth


@pytest.mark.parametrize(("made", "kind"), [(products, "boosted"), (texts, "linear")])
def test_a_model_learns_from_peoples_majority_and_betters_the_result(made, kind):
    rows, truth = made()
    judgments = asked(truth, accuracy=0.75)
    found = model_labels(judgments, rows)
    assert found.kind == kind
    alone = ibcc(judgments)
    together = ibcc(joined(judgments, found.label))
    assert (together.label == truth).mean() > (alone.label == truth).mean()
    assert found.probability.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("made", [products, texts])
def test_the_same_seed_gives_the_same_labels(made):
    rows, truth = made()
    judgments = asked(truth)
    once, again = model_labels(judgments, rows, seed=3), model_labels(judgments, rows, seed=3)
    assert (once.probability == again.probability).all()
    other = model_labels(judgments, rows, seed=4)
    assert (once.probability != other.probability).any()


@pytest.mark.parametrize("made", [products, texts])
def test_a_units_own_judgments_have_no_part_in_what_the_model_says_of_it(made):
    rows, truth = made()
    features = features_of(rows)
    majority = truth.copy()
    before = by_folds(features, majority, 2)
    fold = folds_of(len(rows), 0)
    own = np.flatnonzero(fold == 2)
    majority[own] = 1 - majority[own]
    after = by_folds(features, majority, 2)
    assert (before.probability[own] == after.probability[own]).all()
    assert (before.probability != after.probability).any()


def test_each_unit_is_in_one_fold_and_folds_are_of_one_size():
    fold = folds_of(103, 1)
    sizes = np.bincount(fold, minlength=FOLDS)
    assert len(fold) == 103
    assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize("made", [products, texts])
def test_nothing_is_learned_from_units_with_known_answers(made):
    """Whatever people said of gold, set aside or wrong, the model says the same of every unit."""
    rows, truth = made()
    gold = np.arange(0, len(rows), 4)
    judgments = asked(truth)
    label = judgments.label.copy()
    on_gold = np.isin(judgments.task, gold)
    label[on_gold] = 1 - label[on_gold]
    turned = Judgments(judgments.task, judgments.worker, label, len(rows), 5, 2)
    once, again = (model_labels(j, rows, known=gold) for j in (judgments, turned))
    assert (once.probability == again.probability).all()
    assert (once.label[gold] >= 0).all()
    assert (model_labels(turned, rows).probability != once.probability).any()


def test_a_tie_is_not_trained_on():
    judgments = Judgments(
        *map(np.array, ([0, 0, 1, 1, 2], [0, 1, 0, 1, 0], [0, 1, 1, 1, 0])), 3, 2, 2
    )
    assert majority_of(judgments).tolist() == [-1, 1, 0]


def test_a_model_that_knows_nothing_does_not_hurt():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, 400)
    judgments = asked(truth, accuracy=0.8, each=5)
    rows = [{"size": float(x), "weight": float(y)} for x, y in rng.random((400, 2))]
    found = model_labels(judgments, rows)
    alone, together = ibcc(judgments), ibcc(joined(judgments, found.label))
    hit = (together.label == truth).mean()
    assert 0.4 < (found.label == truth).mean() < 0.6
    assert hit >= (alone.label == truth).mean() - 0.01


def test_too_little_to_learn_from_gives_no_labels():
    rows, truth = products(30)
    few = np.where(np.arange(30) < 4, 1, 0)
    for asked_of, given_rows in ((few, rows), (truth, [{"name": "same"}] * 30), (truth, [{}] * 30)):
        found = by_folds(features_of(given_rows), asked_of, 2)
        assert found.kind == "none"
        assert (found.label == -1).all()
        assert len(joined(asked(truth), found.label)) == len(asked(truth))


def test_units_that_nobody_judged_are_predicted_too():
    rows, truth = products()
    majority = np.where(np.arange(len(rows)) < 150, truth, -1)
    found = by_folds(features_of(rows), majority, 2)
    assert (found.label >= 0).all()
    assert (found.label[150:] == truth[150:]).mean() > 0.8
    assert found.trained_on == 150


def test_rows_that_do_not_pair_up_are_refused():
    rows, truth = products(40)
    with pytest.raises(BadJudgments, match="39 rows"):
        model_labels(asked(truth), rows[1:])


def test_columns_are_told_by_what_stands_in_them():
    rows = [
        {
            "left_name": f"thing {n}",
            "right_name": f"Thing no. {n}",
            "left_price": f"$1,{n:03}.50",
            "right_price": None if n % 9 == 0 else n,
            "shop": "abc"[n % 3],
            "image": f"https://example.org/{n}.jpg",
            "same": "always",
        }
        for n in range(60)
    ]
    columns = columns_of(rows)
    assert {column.name: column.kind for column in columns} == {
        "left_name": "text",
        "right_name": "text",
        "left_price": "number",
        "right_price": "number",
        "shop": "category",
    }
    pairs = [(pair.left.name, pair.right.name) for pair in pairs_of(columns)]
    assert pairs == [("left_name", "right_name"), ("left_price", "right_price")]


def test_two_texts_without_sides_in_their_names_are_compared():
    rows = [{"text": f"long text {n}", "hypothesis": f"short {n}"} for n in range(50)]
    assert [(p.left.name, p.right.name) for p in pairs_of(columns_of(rows))] == [
        ("text", "hypothesis")
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("$1,299.00", 1299),
        ("KSh 40", 40),
        ("-3.5", -3.5),
        ("12 kg", 12),
        ("US$ 5", 5),
        ("1 000 €", 1000),
    ],
)
def test_a_number_is_read_with_its_currency_or_unit(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize("text", ["", "12 or 13", "AX-100b", "AX100", "twelve", "1.2.3"])
def test_what_is_no_number_is_none(text):
    assert np.isnan(number_in(text))


@given(st.text(max_size=60))
def test_any_text_becomes_plain_words_once_and_for_all(text):
    assert plain(plain(text)) == plain(text)


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.text(max_size=8) | st.none() | st.floats()),
        min_size=1,
        max_size=30,
    )
)
def test_any_fields_give_features_of_every_unit(rows):
    found = features_of(rows)
    assert found.n == len(rows)
    assert found.kind == "none" or found.values.shape[0] == len(rows)
    majority = np.arange(len(rows)) % 2
    told = by_folds(found, majority, 2)
    assert told.probability.sum(axis=1) == pytest.approx(1)


def test_a_mark_does_not_part_a_word():
    assert plain("अच्छी बात!") == "अच्छी बात"


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(NoModelLabels, match=r"\[models\]"):
        features_of([{"a": "b"}])


@pytest.mark.parametrize("package", ["truth", "model_labels"])
def test_importing_a_package_pulls_in_neither_django_nor_scikit_learn(package):
    modules = f"""
import pkgutil, sys
import ujima.quality.{package} as package
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    __import__(module.name)
print([name for name in ("django", "sklearn") if name in sys.modules])
"""
    said = subprocess.run(
        [sys.executable, "-c", modules], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == "[]"
