import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import beta, hypergeom

from ujima.quality import acceptance
from ujima.quality.acceptance import (
    MOST,
    Ruling,
    Terms,
    accuracy_interval,
    chance_of_at_most,
    confidence_of,
    least_sample,
    plan,
    ruling,
)
from ujima.quality.errors import BadPlan


@given(st.data())
def test_chances_are_those_of_scipy(data: st.DataObject) -> None:
    lot = data.draw(st.integers(1, 3000))
    bad, sample = data.draw(st.integers(0, lot)), data.draw(st.integers(0, lot))
    k = data.draw(st.integers(0, sample))
    known = hypergeom.cdf(k, lot, bad, sample)
    assert chance_of_at_most(k, lot, bad, sample) == pytest.approx(known, abs=1e-9)


# Tables of success runs: 95 % sure of 95 %, 90 % sure of 90 %; 0, 1, 2, 3 failures allowed.
@pytest.mark.parametrize(
    ("accuracy", "risk", "known"),
    [(0.95, 0.05, [59, 93, 124, 153]), (0.90, 0.10, [22, 38, 52, 65])],
)
def test_samples_of_huge_lots_are_those_of_the_tables(
    accuracy: float, risk: float, known: list[int]
) -> None:
    lot = 10_000_000
    found = [least_sample(lot, round(lot * (1 - accuracy)), c, risk) for c in range(4)]
    assert found == known


levels = st.tuples(st.integers(10, 500), st.integers(0, 40), st.integers(1, 60))


@given(levels, st.sampled_from([0.01, 0.05, 0.1, 0.2]), st.sampled_from([0.05, 0.1]))
def test_a_plan_keeps_both_risks_and_no_smaller_sample_does(
    drawn: tuple[int, int, int], producer: float, consumer: float
) -> None:
    lot, good, more = drawn
    assume(good + more <= lot)
    terms = Terms(1 - good / lot, 1 - (good + more) / lot, producer, consumer)
    found = plan(lot, terms)
    bad = good + more
    assert hypergeom.sf(found.allowed, lot, good, found.sample) <= producer + 1e-9
    assert hypergeom.cdf(found.allowed, lot, bad, found.sample) <= consumer + 1e-9
    smaller = found.sample - 1
    for allowed in range(min(smaller, good) + 1):
        keeps = (
            hypergeom.sf(allowed, lot, good, smaller) <= producer - 1e-9
            and hypergeom.cdf(allowed, lot, bad, smaller) <= consumer - 1e-9
        )
        assert not keeps, (smaller, allowed)


def walked(lot: int, good: int, bad: int, risk: float) -> tuple[int, int]:
    """The least plan, found by trying one allowed number after the other."""
    sample = 1
    for allowed in range(good + 1):
        while hypergeom.cdf(allowed, lot, bad, sample) > risk:
            sample += 1
        if hypergeom.sf(allowed, lot, good, sample) <= risk:
            return sample, allowed
    raise AssertionError


@pytest.mark.parametrize(
    ("lot", "contracted", "tolerable", "risk"),
    [(3000, 0.6, 0.55, 0.1), (5000, 0.96, 0.95, 0.2), (100_000, 0.95, 0.92, 0.05)],
)
def test_a_plan_is_the_one_that_every_number_tried_in_turn_finds(
    lot: int, contracted: float, tolerable: float, risk: float
) -> None:
    found = plan(lot, Terms(contracted, tolerable, risk, risk))
    good, bad = round(lot * (1 - contracted)), round(lot * (1 - tolerable))
    assert (found.sample, found.allowed) == walked(lot, good, bad, risk)


@pytest.mark.parametrize(("lot", "contracted"), [(1_000_000, 0.501), (100_000, 0.51)])
def test_more_than_anybody_checks_is_refused(lot: int, contracted: float) -> None:
    with pytest.raises(BadPlan, match="More than 5,000 units") as refused:
        plan(lot, Terms(contracted, 0.5, 0.001, 0.001))
    assert refused.value.place == {"field": "tolerable"}


def test_however_large_the_lot_a_plan_looks_at_few_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked, real = 0, acceptance.chance_of_at_most

    def counted(k: int, lot: int, bad: int, sample: int) -> float:
        nonlocal looked
        looked += 1
        return real(k, lot, bad, sample)

    monkeypatch.setattr(acceptance, "chance_of_at_most", counted)
    found = plan(10_000_000, Terms(0.525, 0.5))
    assert found.sample <= MOST
    assert looked < 1000


def test_a_plan_in_figures() -> None:
    found = plan(2000, Terms(0.97, 0.92))
    assert (found.sample, found.allowed) == (205, 10)
    assert max(found.producer_risk, found.consumer_risk) <= 0.05
    assert found.accepts(0.97) == pytest.approx(1 - found.producer_risk)
    assert found.accepts(0.92) == pytest.approx(found.consumer_risk)
    assert found.accepts(1) == 1
    assert found.accepts(0.5) < 1e-9


def test_a_small_lot_is_checked_whole() -> None:
    found = plan(10, Terms(1.0, 0.9))
    assert (found.sample, found.allowed, found.producer_risk, found.consumer_risk) == (10, 0, 0, 0)


@given(st.data())
def test_a_ruling_never_changes_by_what_comes_after(data: st.DataObject) -> None:
    of = plan(500, Terms(0.96, 0.9))
    wrongs = data.draw(st.lists(st.booleans(), min_size=of.sample, max_size=of.sample))
    seen = [ruling(of, n, sum(wrongs[:n])) for n in range(of.sample + 1)]
    decided = [one for one in seen if one != Ruling.OPEN]
    assert seen[0] == Ruling.OPEN
    assert len(set(decided)) == 1
    assert decided[0] == (Ruling.ACCEPT if sum(wrongs) <= of.allowed else Ruling.REJECT)


@given(st.integers(1, 400), st.data())
def test_in_a_huge_lot_the_exact_interval_is_clopper_and_pearsons(
    checked: int, data: st.DataObject
) -> None:
    wrong = data.draw(st.integers(0, checked))
    low = 0.0 if wrong == checked else beta.ppf(0.025, checked - wrong, wrong + 1)
    high = 1.0 if wrong == 0 else beta.ppf(0.975, checked - wrong + 1, wrong)
    assert accuracy_interval(10**8, checked, wrong) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(1, 80), st.data())
def test_a_finite_lots_interval_covers_its_accuracy_as_often_as_it_says(
    lot: int, data: st.DataObject
) -> None:
    sample, bad = data.draw(st.integers(1, lot)), data.draw(st.integers(0, lot))
    covered = 0.0
    for wrong in range(max(0, sample - lot + bad), min(sample, bad) + 1):
        low, high = accuracy_interval(lot, sample, wrong)
        if low - 1e-9 <= 1 - bad / lot <= high + 1e-9:
            covered += hypergeom.pmf(wrong, lot, bad, sample)
    assert covered >= 0.95 - 1e-9


def test_a_lot_checked_whole_has_no_interval_left() -> None:
    assert accuracy_interval(50, 50, 3) == (0.94, 0.94)
    assert accuracy_interval(50, 0, 0) == (0, 1)


def test_the_confidence_in_an_accuracy() -> None:
    # none wrong of 59 in a huge lot: the known 95 % for 95 %
    assert confidence_of(10_000_000, 59, 0, 0.95) == pytest.approx(0.9515, abs=1e-4)
    assert confidence_of(100, 0, 0, 0.9) == 0
    assert confidence_of(100, 100, 10, 0.9) == 1


@pytest.mark.parametrize(
    ("lot", "contracted", "tolerable", "producer", "field"),
    [
        (0, 0.95, 0.9, 0.05, "lot"),
        (100, 1.1, 0.9, 0.05, "contracted"),
        (100, 0.9, 0.9, 0.05, "tolerable"),
        (100, 0.9, 0.8, 0.0, "producer"),
    ],
)
def test_a_plan_that_means_nothing_is_refused(
    lot: int, contracted: float, tolerable: float, producer: float, field: str
) -> None:
    with pytest.raises(BadPlan) as refused:
        plan(lot, Terms(contracted, tolerable, producer))
    assert refused.value.place == {"field": field}


def test_levels_that_mean_the_same_number_are_refused() -> None:
    with pytest.raises(BadPlan):
        plan(100, Terms(0.95, 0.95 - 1e-12))


def test_more_wrong_than_checked_is_refused() -> None:
    with pytest.raises(BadPlan):
        ruling(plan(100, Terms(0.95, 0.8)), 3, 4)
