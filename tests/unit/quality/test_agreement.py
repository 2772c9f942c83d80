from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ujima.quality.agreement import alpha
from ujima.quality.errors import BadJudgments

SCALES = ("nominal", "ordinal", "interval", "ratio")
#: 4 coders, 12 units, five values; Krippendorff 2011, example C: nominal .743, ordinal .815,
#: interval .849, ratio .797
EXAMPLE = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def rows_of(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Units and labels of a table of coders by units, where 0 is a missing answer."""
    pairs = [(unit, v - 1) for row in table for unit, v in enumerate(row) if v]
    return [unit for unit, _ in pairs], [label for _, label in pairs]


@pytest.mark.parametrize(
    ("scale", "known"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorffs_own_example_comes_out(scale: Any, known: float) -> None:
    units, labels = rows_of(EXAMPLE)
    found = alpha(units, labels, [1, 2, 3, 4, 5], scale, rng=rng())
    assert found.alpha == pytest.approx(known, abs=0.0006)
    assert (found.units, found.answers) == (11, 40)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.alpha < found.high


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[int]], list[float]]:
    coders, units, values = (
        draw(st.integers(2, 6)),
        draw(st.integers(2, 12)),
        draw(st.integers(2, 5)),
    )
    cell = st.integers(0, values)
    table = draw(st.lists(st.lists(cell, min_size=units, max_size=units),
                          min_size=coders, max_size=coders))  # fmt: skip
    steps = draw(st.lists(st.integers(1, 9), min_size=values, max_size=values))
    return table, np.cumsum(steps).astype(float).tolist()


@given(tables(), st.sampled_from(SCALES))
def test_alpha_is_that_of_the_krippendorff_package(
    given_table: tuple[list[list[int]], list[float]], scale: Any
) -> None:
    table, values = given_table
    counts = np.array([[sum(row[u] == v + 1 for row in table) for v in range(len(values))]
                       for u in range(len(table[0]))])  # fmt: skip
    pairable = counts[counts.sum(axis=1) >= 2]
    assume(len(pairable) and np.count_nonzero(pairable.sum(axis=0)) > 1)
    data = np.array([[values[v - 1] if v else np.nan for v in row] for row in table])
    peer = krippendorff.alpha(
        reliability_data=data, level_of_measurement=scale, value_domain=values
    )
    units, labels = rows_of(table)
    found = alpha(units, labels, values, scale, rng=rng(), draws=1)
    assert found.alpha == pytest.approx(peer, abs=1e-9)


@given(tables(), st.sampled_from(SCALES), st.randoms())
def test_the_order_of_answers_does_not_matter(
    given_table: tuple[list[list[int]], list[float]], scale: Any, chance: Any
) -> None:
    table, values = given_table
    units, labels = rows_of(table)
    mixed = list(zip(units, labels, strict=True))
    chance.shuffle(mixed)
    one = alpha(units, labels, values, scale, rng=rng(), draws=5)
    two = alpha([u for u, _ in mixed], [v for _, v in mixed], values, scale, rng=rng(), draws=5)
    assert one == two


def test_all_the_same_is_no_agreement_that_could_be_measured() -> None:
    found = alpha([0, 0, 1, 1], [1, 1, 1, 1], 2, rng=rng())
    assert (found.alpha, found.low, found.high, found.units) == (None, None, None, 2)


def test_units_with_one_answer_say_nothing() -> None:
    assert alpha([0, 1, 2], [0, 1, 0], 2, rng=rng()).units == 0


def test_the_interval_covers_the_alpha_of_the_whole_and_narrows_with_more_units() -> None:
    chance = np.random.default_rng(3)

    def widths(n: int) -> float:
        truth = chance.integers(0, 3, n)
        said = np.where(chance.random((5, n)) < 0.7, truth, chance.integers(0, 3, (5, n)))
        found = alpha(np.tile(np.arange(n), 5), said.ravel(), 3, rng=rng())
        assert found.low is not None
        assert found.high is not None
        # P(agree) - chance, by the model: alpha is .7 squared
        assert found.low - 0.03 < 0.49 < found.high + 0.03
        return found.high - found.low

    assert widths(2000) < widths(100) / 3


@pytest.mark.parametrize(
    ("units", "labels", "values", "scale"),
    [
        ([0, 0], [0], 2, "nominal"),
        ([0, 0], [0, 2], 2, "nominal"),
        ([0, -1], [0, 1], 2, "nominal"),
        ([0, 0], [0, 1], [-1.0, 1.0], "ratio"),
        ([0, 0], [0, 1], [float("nan"), 1.0], "interval"),
        ([0, 0], [0, 1], 3001, "nominal"),
        ([0.0, 0.0], [0, 1], 2, "nominal"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    units: Any, labels: Any, values: Any, scale: Any
) -> None:
    with pytest.raises(BadJudgments):
        alpha(units, labels, values, scale, rng=rng())
