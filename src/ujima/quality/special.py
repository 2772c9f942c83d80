"""The two special functions that Dirichlet inference needs, accurate to about 1e-13.

NumPy has neither. Both shift the argument up by a recurrence and use the asymptotic series there.
Source: Abramowitz and Stegun 6.1.40, 6.3.18 and 6.3.5 (https://dlmf.nist.gov/5.11).
"""

from math import log, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# With the argument shifted to 8 or more, the first term left out of either series is below 2e-14.
SHIFT = 8
HALF_LOG_2_PI = log(2 * pi) / 2


def digamma(x: Any) -> Array:
    """Derivative of ln Gamma, for an array of numbers above 0."""
    low = np.asarray(x, dtype=np.float64)
    steps = 1 / low
    for i in range(1, SHIFT):
        steps += 1 / (low + i)
    high = low + SHIFT
    r = 1 / (high * high)
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132)))))
    shifted: Array = np.log(high) - 0.5 / high - series - steps
    return shifted + r**6 * (691 / 32760)


def digamma_of(x: float) -> float:
    """The same for one number: a tenth of the time, for the step at each submit."""
    steps = 0.0
    while x < SHIFT:
        steps += 1 / x
        x += 1
    r = 1 / (x * x)
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132)))))
    return log(x) - 0.5 / x - series - steps + r**6 * (691 / 32760)


def gammaln(x: Any) -> Array:
    """ln Gamma, for an array of numbers above 0 and below 1e30."""
    low = np.asarray(x, dtype=np.float64)
    product = low.copy()
    for i in range(1, SHIFT):
        product *= low + i
    high = low + SHIFT
    r = 1 / (high * high)
    series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188))))) / high
    stirling: Array = (high - 0.5) * np.log(high) - high + HALF_LOG_2_PI + series - np.log(product)
    return stirling - (r**5 * (691 / 360360)) / high
