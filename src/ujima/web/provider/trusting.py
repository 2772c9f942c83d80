"""Trust in a person, as a row of a chart."""

from ujima.quality.queries import Trust
from ujima.web.charts import Estimate


def estimate_of(name: str, trust: Trust) -> Estimate:
    """Her accuracy on known answers with its interval; without one before any gold."""
    low, mid, high = trust.interval or (None, None, None)
    return Estimate(name, low, mid, high, trust.gold_seen)
