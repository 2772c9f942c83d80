from html.parser import HTMLParser

import pytest

from ujima.web.charts import Chart
from ujima.web.plots import Bin, chances, reliability


def test_a_reliability_diagram_tells_its_numbers_in_a_table_too() -> None:
    bins = [Bin(12, 0.55, 0.3, 0.5, 0.7), Bin(80, 0.93, 0.85, 0.9, 0.95)]
    drawn = reliability(bins, title="Confidence")
    assert drawn.rows[1] == ("93\u00a0%", "90.0\u00a0% (85.0\u00a0–\u00a095.0)", "80")
    html = drawn.__html__()
    assert html.count("<circle") == 2
    assert "style=" not in html
    HTMLParser().feed(html)


def test_larger_dots_hold_more_units() -> None:
    small, large = Bin(1, 0.5, 0, 0.5, 1), Bin(100, 0.9, 0.8, 0.9, 1)
    html = reliability([small, large], title="t").picture
    radii = [float(part.split('"')[0]) for part in html.split(' r="')[1:]]
    assert radii[0] < radii[1]


@pytest.mark.parametrize("chart", [reliability([], title="t"), chances([], title="t")])
def test_no_data_is_a_sentence(chart: Chart) -> None:
    assert "Nothing to draw yet." in chart.picture


def test_chances_mark_what_was_agreed() -> None:
    drawn = chances([(0.8, 0.1), (1.0, 1.0)], title="t", marks=[(0.9, "agreed")])
    assert drawn.rows == (("80.0\u00a0%", "10\u00a0%"), ("100.0\u00a0%", "100\u00a0%"))
    assert "agreed" in drawn.__html__()
