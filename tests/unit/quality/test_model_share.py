"""How much of an answer is the model's, and what people alone would have said."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ujima.quality.model_labels.share import part_of_model
from ujima.quality.online import expected_log_confusion, posterior

TABLE = [[8.0, 1.0, 1.0], [2.0, 6.0, 2.0], [0.0, 1.0, 9.0]]


def inferred(prior, people, label, table=TABLE):
    """The posterior of a prior, people's evidence and what a model with this table said."""
    model = [row[label] for row in expected_log_confusion(table)]
    parts = zip(np.log(prior), people, model, strict=True)
    return posterior([p + e + m for p, e, m in parts])


probabilities = st.lists(st.floats(0.05, 1), min_size=3, max_size=3).map(
    lambda given: [g / sum(given) for g in given]
)


@given(
    prior=probabilities,
    people=st.lists(st.floats(-8, 8), min_size=3, max_size=3),
    label=st.integers(0, 2),
)
def test_the_shares_of_model_and_people_are_parts_of_one_whole(prior, people, label):
    found = part_of_model(inferred(prior, people, label), prior, TABLE, label)
    assert 0 <= found.share <= 1
    answer, runner_up = np.argsort(inferred(prior, people, label))[::-1][:2]
    model = [row[label] for row in expected_log_confusion(TABLE)]
    own, others = abs(model[answer] - model[runner_up]), abs(people[answer] - people[runner_up])
    assume(own + others > 1e-6)  # else nobody says anything, and there is nothing to share
    assert found.share == pytest.approx(own / (own + others), abs=1e-6)
    assert 1 - found.share == pytest.approx(others / (own + others), abs=1e-6)


@given(
    prior=probabilities,
    people=st.lists(st.floats(-8, 8), min_size=3, max_size=3),
    label=st.integers(0, 2),
)
def test_without_the_model_the_prior_and_people_are_left(prior, people, label):
    found = part_of_model(inferred(prior, people, label), prior, TABLE, label)
    alone = posterior([p + e for p, e in zip(np.log(prior), people, strict=True)])
    assert found.people == pytest.approx(alone, abs=1e-6)


def test_an_answer_that_the_model_turned_says_so():
    prior, people = [0.5, 0.5], [0.2, 0.0]
    table = [[9.0, 1.0], [1.0, 9.0]]
    turned = part_of_model(inferred(prior, people, 1, table), prior, table, 1)
    assert turned.differs
    assert turned.share > 0.9
    agreed = part_of_model(inferred(prior, people, 0, table), prior, table, 0)
    assert not agreed.differs


def test_a_model_whose_word_means_nothing_has_no_share():
    even = [[50.0, 50.0], [50.0, 50.0]]
    found = part_of_model(inferred([0.5, 0.5], [2.0, 0.0], 1, even), [0.5, 0.5], even, 1)
    assert found.share < 0.02


def test_where_peoples_judgments_cancel_out_the_whole_is_the_models():
    table = [[9.0, 1.0], [1.0, 9.0]]
    found = part_of_model(inferred([0.5, 0.5], [0.0, 0.0], 1, table), [0.5, 0.5], table, 1)
    assert found.share == pytest.approx(1)
    assert found.people == pytest.approx([0.5, 0.5])


def test_a_probability_of_nothing_is_no_trouble():
    found = part_of_model([1.0, 0.0, 0.0], [1 / 3] * 3, TABLE, 0)
    assert 0 <= found.share <= 1
    assert sum(found.people) == pytest.approx(1)
