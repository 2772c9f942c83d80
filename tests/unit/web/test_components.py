"""The tags write what a page needs: words, marks for screen readers, and nothing unescaped."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from ujima.base.money import Money
from ujima.web.charts import Bar

NOW = datetime(2026, 6, 8, 12, tzinfo=UTC)


def render(source: str, **context: Any) -> str:
    return Template("{% load ujima %}" + source).render(Context(context))


class JobForm(forms.Form):
    title = forms.CharField(label="Title", help_text="Plain words.")
    notes = forms.CharField(label="Notes", required=False)
    tier = forms.ChoiceField(choices=[("0", "Open"), ("1", "Terms")], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="I agree")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{% money a %}", '<bdi class="num">₹1,234.50</bdi>'),
        ("{% money b short=True %}", '<bdi class="num">₹137</bdi>'),
        ("{% money a short=True %}", '<bdi class="num">₹1,234.50</bdi>'),
        ("{% money nothing %}", '<span class="muted">–</span>'),
        ("{% interval .903 .924 .941 %}", '<bdi class="num">92.4\xa0% (90.3\xa0–\xa094.1)</bdi>'),
        ("{% interval None .924 .941 %}", '<span class="muted">not enough data</span>'),
        ("{{ .6149|percent:1 }}", "<bdi>61.5\xa0%</bdi>"),
        ("{{ nothing|percent }}", "<bdi>–</bdi>"),
        ("{{ 12345|count }}", "12,345"),
        ("{{ 0.4|duration }}", "<bdi>under 1 s</bdi>"),
        ("{{ 25|duration }}", "<bdi>25 s</bdi>"),
        ("{{ 95|duration }}", "<bdi>2 min</bdi>"),
        ("{{ 3599|duration }}", "<bdi>1 h 0 min</bdi>"),
        ("{{ 66000|duration }}", "<bdi>18 h 20 min</bdi>"),
        ('{% pill "paused" %}', '<span class="pill accent" dir="auto">Paused</span>'),
        ('{% pill "on_hold" %}', '<span class="pill neutral" dir="auto">on hold</span>'),
        ('{% pill "met" evil "ok" %}', '<span class="pill ok" dir="auto">&lt;b&gt;</span>'),
    ],
)
def test_figures_and_states_are_written_the_same_way_everywhere(source: str, said: str) -> None:
    context = {"a": Money(123450, "INR"), "b": Money(13700, "INR"), "nothing": None, "evil": "<b>"}
    with translation.override("en"):
        assert render(source, **context) == said


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-4), "4\xa0minutes ago"),
        (timedelta(hours=-49), "2\xa0days ago"),
        (timedelta(hours=3), "in 3\xa0hours"),
    ],
)
def test_a_moment_is_told_from_now_with_the_exact_time_beside_it(
    away: timedelta, said: str
) -> None:
    html = render("{% ago when now %}", when=NOW + away, now=NOW)
    assert f">{said}</time>" in html
    assert f'datetime="{(NOW + away).isoformat()}"' in html


def test_a_field_in_error_points_from_its_control_to_the_hint_and_the_error() -> None:
    form = JobForm({"notes": "x"})
    html = render("{% field form.title %}", form=form)
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<label for="id_title">' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "(optional)" in render("{% field form.notes %}", form=JobForm())
    assert "(optional)" not in render("{% field form.title %}", form=JobForm())


def test_radio_buttons_become_large_choices_in_a_named_group() -> None:
    html = render("{% field form.tier %}", form=JobForm())
    assert html.count('class="choice"') == 2
    assert "<legend>Tier" in html


def test_the_error_summary_links_each_error_to_its_field() -> None:
    html = render("{% errors form %}", form=JobForm({}))
    assert 'role="alert"' in html
    assert html.count('<a href="#id_') == 3
    assert render("{% errors form %}", form=JobForm()).strip() == ""


def test_words_from_people_are_escaped() -> None:
    evil = "<script>alert(1)</script>"
    source = (
        '{% choice "a" evil evil %}{% empty evil evil "/" evil %}{% pill evil %}'
        '{% notice "ok" %}{{ evil }}{% endnotice %}{% kpi label=evil note=evil %}'
        "{{ evil }}{% endkpi %}"
        "{% progress 1 2 evil %}{% crumbs trail %}{% chart 'bars' bars title=evil %}"
    )
    html = render(source, evil=evil, trail=[{"label": evil}], bars=[Bar(evil, 1, evil)])
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 14


@pytest.mark.parametrize(
    ("tone", "css", "role"),
    [
        ("", "notice ", "status"),
        ("error", "notice danger", "alert"),
        ("success", "notice ok", "status"),
    ],
)
def test_a_notice_takes_djangos_levels_and_is_read_out_when_it_is_bad(
    tone: str, css: str, role: str
) -> None:
    html = render("{% notice tone %}Words{% endnotice %}", tone=tone)
    assert f'<div class="{css}" role="{role}">' in html


def test_an_icon_alone_has_a_name_and_beside_words_is_silent() -> None:
    assert 'aria-hidden="true"' in render('{% icon "check" %}')
    assert 'role="img" aria-label="Done"' in render('{% icon "check" label="Done" %}')
    assert 'class="flip"' in render('{% icon "chevron-left" %}')


def test_steps_mark_the_one_where_the_person_stands() -> None:
    html = render("{% steps names 2 %}", names=["Data", "Question", "Quality"])
    assert html.count('class="done"') == 1
    assert '<li aria-current="step">Question</li>' in html


def test_a_progress_with_nothing_to_do_is_still_a_progress() -> None:
    assert 'value="0" max="1"' in render("{% progress 0 0 %}")


def test_neighbouring_pages_are_offered_only_where_they_are() -> None:
    assert render("{% pager %}").strip() == ""
    html = render('{% pager older="?before=x" %}')
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html
