"""The sample that is asked on: drawn by a secret, the same always, and what it says."""

import pytest

from ujima.quality.audit import Audit, audit_from, is_audited, share_interval


def test_about_the_share_is_drawn_and_always_the_same_units() -> None:
    drawn = [unit for unit in range(20_000) if is_audited(unit, b"secret", 300)]
    assert 500 < len(drawn) < 700
    assert drawn == [unit for unit in range(20_000) if is_audited(unit, b"secret", 300)]


def test_another_secret_draws_others_and_a_larger_share_keeps_those_of_a_smaller() -> None:
    one = {unit for unit in range(5000) if is_audited(unit, b"one", 1000)}
    other = {unit for unit in range(5000) if is_audited(unit, b"other", 1000)}
    assert len(one & other) < len(one) / 4
    assert one <= {unit for unit in range(5000) if is_audited(unit, b"one", 2000)}


def test_no_share_draws_none_and_the_whole_draws_all() -> None:
    assert not any(is_audited(unit, b"secret", 0) for unit in range(1000))
    assert all(is_audited(unit, b"secret", 10_000) for unit in range(1000))


def test_what_changed_counts_for_what_the_new_answer_lacks() -> None:
    found = audit_from([(True, 0.9, 0.95), (False, 0.9, 0.8)])
    assert found == Audit(2, 1, 1.8, pytest.approx(1.15))
    assert audit_from([]) == Audit()


def test_the_interval_is_wilsons() -> None:
    low, mid, high = share_interval(9, 10)
    assert (low, mid, high) == pytest.approx((0.5958, 0.9, 0.9821), abs=1e-4)
    assert share_interval(10, 10).high == pytest.approx(1)
