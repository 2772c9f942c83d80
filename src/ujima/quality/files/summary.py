"""A run in numbers, as JSON and in a few lines for a person."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ujima.quality.files.asked import Inferred

#: score -> how it is told
_WORDS = {
    "f1": "F1",
    "token_f1": "F1 of tokens",
    "character_f1": "F1 of characters",
    "rmse": "root mean squared error",
    "word_error_rate": "word error rate",
    "kendall_tau": "Kendall's tau",
    "mean_absolute_error": "mean absolute error, in classes or units",
}


def summary_of(found: Inferred, *, seconds: float, seed: int) -> dict[str, Any]:
    """What the run found.

    faults   what was wrong with the file's rows, and what was done about it
    scores   beside the true answers; empty without any. Shares from 0 to 1
    """
    consensus = found.consensus
    return {
        "type": found.kind,
        "method": consensus.method,
        "method_version": consensus.version,
        "seconds": round(seconds, 3),
        "rows": found.read,
        "judgments": found.judgments,
        "tasks": len(found.tasks),
        "workers": len(found.workers),
        "classes": list(found.confusion.classes) if found.confusion else None,
        "converged": consensus.converged,
        "steps": len(consensus.history),
        "seed": seed,
        "mean_confidence": round(float(consensus.confidence.mean()), 6),
        "faults": [asdict(fault) for fault in found.faults],
        **{name: _rounded(value) for name, value in found.scores.items()},
    }


def told(summary: dict[str, Any]) -> Iterator[str]:
    """The same for a person."""
    yield (
        f"{summary['tasks']:,} answers by {summary['method']} "
        f"in {summary['seconds']:.1f} s, {summary['mean_confidence']:.1%} sure on the mean"
    )
    if not summary["converged"]:
        yield "The method stopped before it had settled; its answers may still move."
    if "accuracy" in summary:
        low, high = summary.get("accuracy_low"), summary.get("accuracy_high")
        between = f" ({low:.1%} to {high:.1%})" if low is not None and high is not None else ""
        yield f"accuracy {summary['accuracy']:.2%}{between} on {summary['true_answers']:,} tasks"
    if "calibration_error" in summary:
        yield f"calibration error {summary['calibration_error']:.3f}"
    for name, words in _WORDS.items():
        if summary.get(name) is not None:
            yield f"{words} {summary[name]:.4g}"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return value
