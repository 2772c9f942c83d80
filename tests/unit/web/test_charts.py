"""Charts say in a picture, in words and in a table what the figures say."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from ujima.web import charts
from ujima.web.charts import Bar, Chart, Estimate, Point

START = datetime(2026, 6, 8, 9, tzinfo=UTC)


def points(*ready: int, low: float | None = 0.8, high: float | None = 0.95) -> list[Point]:
    mid = None if low is None else 0.9
    return [Point(START + timedelta(hours=i), n, low, mid, high) for i, n in enumerate(ready)]


def every_chart() -> list[Chart]:
    return [
        charts.progress_over_time(points(0, 5, 9), 10, title="Progress <1>"),
        charts.bars([Bar("Mon", 3, "₹3"), Bar("Tue", 5, "₹5", True)], title="Week <1>"),
        charts.histogram([0, 1, *[0] * 7, 2], title="Confidence <1>", target=0.9),
        charts.interval_dots([Estimate("A & B", 0.8, 0.9, 0.95, 50)], title="Quality <1>"),
        charts.confusion([[0.9, 0.1], [0.2, 0.8]], ["yes <b>", "no"], title="Confusion <1>"),
    ]


@pytest.mark.parametrize("chart", every_chart(), ids=lambda c: str(c.title))
def test_a_chart_is_well_formed_and_carries_no_inline_style(chart: Chart) -> None:
    html = chart.__html__()
    ElementTree.fromstring(html)
    assert "style=" not in html
    assert "<script" not in html


@pytest.mark.parametrize("chart", every_chart()[:4], ids=lambda c: str(c.title))
def test_a_picture_has_a_role_a_name_a_description_and_a_table(chart: Chart) -> None:
    figure = ElementTree.fromstring(chart.__html__())
    picture = figure.find("svg")
    assert picture is not None
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == picture.findtext("title") == chart.title
    assert picture.findtext("desc")
    assert len(figure.findall(".//tbody/tr")) == len(chart.rows) > 0


@pytest.mark.parametrize(
    "chart",
    [
        charts.progress_over_time([], 10, nothing="Nothing yet."),
        charts.progress_over_time(points(3), 10, nothing="Nothing yet."),
        charts.progress_over_time(points(0, 0), 0, nothing="Nothing yet."),
        charts.bars([], title="", nothing="Nothing yet."),
        charts.histogram([], title="", nothing="Nothing yet."),
        charts.interval_dots([], title="", nothing="Nothing yet."),
        charts.confusion([], [], title="", nothing="Nothing yet."),
    ],
)
def test_no_figures_give_a_sentence_and_no_picture(chart: Chart) -> None:
    assert "Nothing yet." in chart.__html__()
    assert "<svg" not in chart.__html__()


def test_progress_ends_at_the_share_of_results_that_are_ready() -> None:
    chart = charts.progress_over_time(points(0, 4, 10), 10)
    line = re.search(r'd="M([^"]*)" class="line"', chart.picture)
    assert line
    ends = [tuple(map(float, p.split())) for p in line[1].split("L")]
    assert ends[0] == (0, charts.TOP + charts.PLOT)
    assert ends[-1] == (1000, charts.TOP)


def test_accuracy_that_is_not_known_is_left_out_of_picture_and_key() -> None:
    chart = charts.progress_over_time(points(0, 5, low=None, high=None), 10)
    assert "line2" not in chart.__html__()
    assert [row[2] for row in chart.rows] == ["–", "–"]


def test_the_accuracy_of_one_moment_is_drawn_as_a_dot_on_its_interval() -> None:
    one = [Point(START, 0), Point(START + timedelta(hours=1), 4, 0.7, 0.8, 0.9)]

    drawn = charts.progress_over_time(one, 8).picture

    assert 'class="dot2"' in drawn
    assert 'class="whisker2"' in drawn
    assert 'class="line2"' not in drawn


def test_points_in_any_order_give_the_same_chart() -> None:
    ordered = points(0, 3, 7, 9)
    assert charts.progress_over_time(ordered[::-1], 10) == charts.progress_over_time(ordered, 10)


def test_a_long_job_gives_a_table_that_a_person_can_read() -> None:
    chart = charts.progress_over_time(points(*range(1000)), 1000)
    assert len(chart.rows) <= 26
    assert chart.rows[-1][1] == "999"


def test_the_tallest_bar_fills_the_height_and_others_follow_in_proportion() -> None:
    picture = charts.bars([Bar("a", 10), Bar("b", 5)], title="t", height=100).picture
    heights = [float(h) for h in re.findall(r'<rect[^>]* height="([\d.]+)"', picture)]
    assert heights == [100, 50]


def test_a_bar_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        charts.bars([Bar("a", -1)], title="t")


@given(st.lists(st.integers(0, 1000), min_size=10, max_size=10))
def test_each_bin_of_a_histogram_says_its_count(counts: list[int]) -> None:
    rows = charts.histogram(counts, title="t").rows
    assert [int(n) for _, n in rows] == (counts if any(counts) else [])


def test_a_count_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        charts.histogram([1, -1], title="t")


def test_an_estimate_without_an_interval_shows_no_dot() -> None:
    chart = charts.interval_dots(
        [Estimate("New", None, None, None, 3)], title="t", unknown="too few"
    )
    assert "circle" not in chart.picture
    assert "too few" in chart.picture


def test_long_names_move_their_figures_to_a_line_of_their_own() -> None:
    short = charts.interval_dots([Estimate("A", 0.8, 0.9, 0.95, 5)], title="t").picture
    long = charts.interval_dots([Estimate("A" * 40, 0.8, 0.9, 0.95, 5)], title="t").picture
    assert 'text-anchor="end">90.0' in short
    assert 'text-anchor="start">90.0' in long


def test_a_confusion_matrix_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="2 by 2"):
        charts.confusion([[1.0]], ["yes", "no"], title="t")


def test_a_split_bar_is_full_and_in_proportion() -> None:
    widths = [float(w) for w in re.findall(r'width="([\d.]+)%"', charts.split([6, 3, 1]))]
    assert widths == [60, 30, 10]
    assert "<rect" not in charts.split([0, 0])
