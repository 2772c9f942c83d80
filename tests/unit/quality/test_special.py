from math import lgamma

import numpy as np
import pytest

from ujima.quality.special import digamma, digamma_of, gammaln

# Euler's constant and what follows from it: psi(1) = -g, psi(1/2) = -g - 2 ln 2, psi(2) = 1 - g.
EULER = 0.57721566490153286
KNOWN = [
    (1.0, -EULER),
    (2.0, 1 - EULER),
    (0.5, -EULER - 2 * np.log(2)),
    (0.25, -EULER - np.pi / 2 - 3 * np.log(2)),
    (10.0, 7129 / 2520 - EULER),
    (100.0, 4.600161852738087),
]


@pytest.mark.parametrize(("x", "value"), KNOWN)
def test_digamma_has_its_known_values(x: float, value: float) -> None:
    assert digamma(x) == pytest.approx(value, rel=1e-12, abs=1e-13)
    assert digamma_of(x) == pytest.approx(value, rel=1e-12, abs=1e-13)


def test_digamma_steps_by_its_recurrence_from_tiny_to_huge() -> None:
    x = np.logspace(-4, 8, 200)
    assert digamma(x + 1) - digamma(x) == pytest.approx(1 / x, rel=1e-9, abs=1e-13)


def test_both_digammas_agree() -> None:
    x = np.logspace(-3, 6, 100)
    assert digamma(x) == pytest.approx([digamma_of(float(one)) for one in x], rel=1e-12, abs=1e-12)


def test_gammaln_agrees_with_the_standard_library() -> None:
    x = np.logspace(-4, 9, 300)
    known = [lgamma(float(one)) for one in x]
    assert gammaln(x) == pytest.approx(known, rel=1e-12, abs=1e-13)


def test_shapes_are_kept() -> None:
    x = np.ones((2, 3, 4))
    assert digamma(x).shape == gammaln(x).shape == (2, 3, 4)
