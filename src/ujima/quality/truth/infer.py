"""One door to every method: `infer(judgments, method="default")`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Judgments
from ujima.quality.truth.dawid_skene import dawid_skene
from ujima.quality.truth.ebcc import ebcc
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.mace import mace
from ujima.quality.truth.majority import majority
from ujima.quality.truth.one_coin import one_coin
from ujima.quality.truth.result import Truth

Method = Callable[..., Truth]

#: every method by its name; 'default' and 'careful' are two of them
METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "majority": majority,
        "one_coin": one_coin,
        "dawid_skene": dawid_skene,
        "ibcc": ibcc,
        "ebcc": ebcc,
        "mace": mace,
        "default": ibcc,
        "careful": ebcc,
    }
)


def infer(judgments: Judgments, method: str = "default", **options: Any) -> Truth:
    """Infer each task's label, each worker's confusion matrix and the classes' shares.

    method    'default' (iBCC), 'careful' (EBCC, for workers who may share their mistakes), or one
              of `METHODS`

    Every method takes these options:

    gold      task -> label, or (n_tasks,) with -1 for unknown: these tasks stay as given, and
              teach whom to believe
    models    one entry for each model: (n_tasks,) integer labels with -1 for none, or (n_tasks,
              n_labels) shares; a model is one more worker, whose table is learned from the workers
    ordinal   labels lie on a scale in the order of their codes: near mistakes are likelier
    start     (n_tasks, n_labels) a posterior to begin from, say the last one; else votes' shares
    how       a `How`: kernel, threads, single precision, a Dask cluster

    All but majority also take `max_iter` and `tol` (stop when no probability of a posterior moves
    by more than this), and ebcc a `seed`.

    Raises BadJudgments (a ValueError) for a method that does not exist, and for options that do
    not fit the judgments.
    """
    if method not in METHODS:
        names = ", ".join(METHODS)
        raise BadJudgments(f"There is no method {method!r}; there are {names}.")
    return METHODS[method](judgments, **options)
