"""A step in the type of number asked for, and how far it moved: what each place does alike."""

from typing import Any

import numpy as np

from ujima.quality.truth.kernel import Kernel, Parameters, Sums, step
from ujima.quality.truth.shards import Floats, Shard

# Rows of two posteriors compared at a time: the difference of all would be a third of them.
COMPARED = 65536


def stepped(
    shard: Shard, parameters: Parameters, before: Floats, kernel: Kernel
) -> tuple[Floats, Sums, float]:
    """A step, and the furthest that any probability moved by it."""
    posterior, sums = step(shard, parameters, kernel)
    moved = [
        float(np.abs(posterior[low : low + COMPARED] - before[low : low + COMPARED]).max())
        for low in range(0, len(posterior), COMPARED)
    ]
    return posterior, sums, max(moved)


def dtype_of(single: bool) -> Any:
    """The type of numbers in a step."""
    return np.float32 if single else np.float64


def as_type(parameters: Parameters, single: bool) -> Parameters:
    """The same parameters in the type of the step."""
    dtype = dtype_of(single)
    return Parameters(*(array.astype(dtype, copy=False) for array in parameters))
