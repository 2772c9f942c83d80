"""A run's report: one page that stands alone, tells what was found, and no file can break it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ujima.quality.report_html.page import OPEN, PICTURED, page, told
from ujima.quality.report_html.pictures import calibration, columns
from ujima.quality.report_html.values import (
    Bin,
    Doubtful,
    Figure,
    Finding,
    Interval,
    Report,
    Worker,
)

NASTY = '<script>alert("1")</script>&\'"><svg onload=x>'
REPORT = Report(
    "labels.csv",
    "3 answers from 9 judgments by 3 people.",
    figures=(Figure("92.4 %", "right, of 800 with a true answer", "95 % interval 90.3 to 94.1"),),
    findings=(Finding("10 rows repeat an answer.", 10, (6, 7), "counted once"),),
    sureness=(0, 1, 2),
    bins=(Bin(0.9, 40, Interval(0.7, 0.85, 0.95)),),
    classes=("yes", "no"),
    confusion=((9.0, 1.0), (0.0, 4.0)),
    doubtful=(Doubtful("t7", "yes", 0.51, 3),),
    workers=(
        Worker("ann", 40, Interval(0.7, 0.85, 0.95)),
        Worker("bob", 0, Interval(0.0, None, 1.0)),
    ),
    more_workers=5,
)
VOID = {"meta", "line", "rect", "circle"}


class Tree(HTMLParser):
    """The tags of a page; refuses those that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data + " "


def words_of(report: Report) -> str:
    return " ".join(Tree(page(report)).words.split())


def test_a_report_says_what_was_found_and_how_often():
    words = words_of(REPORT)
    assert "10 rows repeat an answer." in words
    assert "6, 7 …" in words
    assert "counted once" in words
    assert "92.4 %" in words
    assert "90.3 to 94.1" in words


def test_every_tag_of_a_report_is_closed():
    assert Tree(page(REPORT)).open == []


def test_a_report_loads_nothing_and_runs_nothing():
    whole = page(REPORT)
    seen = Tree(whole).seen
    assert {"script", "link", "img", "iframe", "base"}.isdisjoint(tag for tag, _ in seen)
    assert not [name for _, given in seen for name in given if name.startswith("on")]
    assert not [name for _, given in seen for name in given if name in ("src", "href", "style")]
    assert "url(" not in whole
    assert "@import" not in whole


@given(text=st.text(max_size=30) | st.just(NASTY))
def test_text_from_a_file_stays_text_wherever_it_stands(text):
    spoilt = replace(
        REPORT,
        title=text,
        lead=text,
        figures=(Figure(text, text, text),),
        findings=(Finding(text, 1, (1,), text),),
        classes=(text, "no"),
        doubtful=(Doubtful(text, text, 0.5, 1),),
        workers=(Worker(text, 40, Interval(0.7, 0.85, 0.95)),),
    )
    plain = replace(spoilt, title="a", lead="a", figures=(Figure("a", "a", "a" if text else ""),))
    plain = replace(plain, findings=(Finding("a", 1, (1,), "a"),), classes=("a", "no"))
    plain = replace(plain, doubtful=(Doubtful("a", "a", 0.5, 1),))
    plain = replace(plain, workers=(Worker("a", 40, Interval(0.7, 0.85, 0.95)),))
    assert [tag for tag, _ in Tree(page(spoilt)).seen] == [tag for tag, _ in Tree(page(plain)).seen]


def test_a_clean_file_is_told_and_nothing_is_drawn_of_what_is_not_known():
    bare = Report("labels.csv", "Nothing much.")
    words = words_of(bare)
    assert "Every row of the file was used." in words
    assert "<svg" not in page(bare)
    assert "nan" not in words


def test_a_method_that_has_not_settled_is_told():
    assert "may still move" in words_of(replace(REPORT, is_settled=False))
    assert "may still move" not in words_of(REPORT)


def test_a_worker_of_whom_nothing_is_known_has_a_dash_and_no_picture():
    assert told(Interval(0.0, None, 1.0)) == "–"
    assert page(replace(REPORT, workers=REPORT.workers[1:])).count("whisker") == page(
        replace(REPORT, workers=())
    ).count("whisker")


def test_workers_stand_in_the_order_given_and_those_left_out_are_counted():
    words = words_of(REPORT)
    assert words.index("ann") < words.index("bob")
    assert "And 5 more people." in words


@pytest.mark.parametrize(("n", "closed"), [(OPEN, False), (OPEN + 1, True)])
def test_a_long_list_of_people_is_closed_at_first(n, closed):
    people = [Worker(f"w{at}", 9, Interval(0.5, 0.7, 0.9)) for at in range(n)]
    assert (f"Show {n} people" in words_of(replace(REPORT, workers=people))) is closed


def test_confusion_is_told_in_shares_of_each_truth():
    cells = re.findall(
        r"<td[^>]*>(\d+)\u00a0%</td>", page(replace(REPORT, workers=(), doubtful=()))
    )
    assert cells[-4:] == ["90", "10", "0", "100"]


def test_many_classes_are_listed_by_their_most_frequent_confusions():
    n = PICTURED + 1
    counts = [[8.0 if said == true else 0.0 for said in range(n)] for true in range(n)]
    counts[3][7] = 2.0
    words = words_of(replace(REPORT, classes=[f"c{at}" for at in range(n)], confusion=counts))
    assert "c3 c7 20" in words.replace("\u00a0", " ")


def test_a_class_that_was_never_true_divides_by_nothing():
    assert "nan" not in words_of(replace(REPORT, confusion=((0.0, 0.0), (0.0, 4.0))))


def test_a_dot_of_half_lies_halfway_up_and_its_line_spans_the_interval():
    drawn = calibration([Bin(0.5, 9, Interval(0.25, 0.5, 0.75))])
    mid = float(re.search(r'cy="([\d.]+)"', drawn)[1])  # type: ignore[index]
    line = re.search(r'whisker"[^/]*y1="([\d.]+)" y2="([\d.]+)"', drawn)
    low, high = map(float, line.groups())  # type: ignore[union-attr]
    assert low - mid == pytest.approx(mid - high)
    assert low > mid > high


def test_a_single_answer_among_a_million_is_still_seen():
    heights = re.findall(r'height="([\d.]+)" rx', columns([1, 1_000_000]))
    assert 0 < float(heights[0]) < float(heights[1])
