"""The components as template tags: `{% load ujima %}`. All are shown on the components page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.timezone import localtime
from django.utils.timezone import now as clock
from django.utils.translation import gettext, ngettext

from ujima.base.money import Money
from ujima.web import charts, icons, plots, states

register = template.Library()

CHARTS: dict[str, Callable[..., charts.Chart]] = {
    "progress_over_time": charts.progress_over_time,
    "bars": charts.bars,
    "histogram": charts.histogram,
    "interval_dots": charts.interval_dots,
    "confusion": charts.confusion,
    "reliability": plots.reliability,
    "chances": plots.chances,
}

NOTICE_ICONS = {"ok": "circle-check", "warning": "triangle-alert", "danger": "circle-alert"}
# Django's message levels beside our tones.
TONES = {"success": "ok", "warning": "warning", "error": "danger"}


class _Markup:
    """Markup that our own code made and escaped: the engine must not escape it again."""

    def __init__(self, html: str) -> None:
        self.html = html

    def __html__(self) -> str:
        return self.html


@register.simple_tag
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """A Lucide icon; silent beside words, or named by `label` where it stands alone."""
    shape = _Markup(icons.SHAPES[name])
    flip = "flip" if name in icons.ALONG_THE_LINE else ""
    spoken = (
        format_html('role="img" aria-label="{}"', label) if label else _Markup('aria-hidden="true"')
    )
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" class="{1}" {2}>{3}</svg>',
        size,
        flip,
        spoken,
        shape,
    )


@register.simple_tag
def money(amount: Money | None, short: bool = False) -> SafeString:
    """An amount with its currency, kept together and left to right in every script.

    `short` leaves out the minor units where they are nought: ₹137, but ₹0.95.
    """
    if amount is None:
        return format_html('<span class="muted">{}</span>', "–")
    said = str(amount)
    if short and amount.major == int(amount.major):
        said = said.partition(".")[0]
    return format_html('<bdi class="num">{}</bdi>', said)


@register.simple_tag
def interval(
    low: float | None, mid: float | None, high: float | None, n: int | None = None
) -> SafeString:
    """Three shares as "92.4 % (90.3 – 94.1)", with ", 50 units" where n is given."""
    if low is None or mid is None or high is None:
        return format_html('<span class="muted">{}</span>', gettext("not enough data"))
    units = "" if n is None else ngettext(", %(n)s unit", ", %(n)s units", n) % {"n": n}
    said = charts.interval(low, mid, high)
    return format_html('<bdi class="num">{}</bdi>{}', said, units)


@register.filter
def percent(share: float | None, digits: int = 0) -> SafeString:
    """0.61 as "61 %", left to right in every script; nothing known as a dash."""
    return format_html("<bdi>{}</bdi>", "–" if share is None else charts.percent(share, digits))


@register.filter
def count(number: float | None) -> str:
    """A whole number with the language's thousands; nothing known as a dash."""
    return "–" if number is None else number_format(number, decimal_pos=0, force_grouping=True)


@register.filter
def duration(seconds: float | None) -> SafeString:
    """Seconds as "25 s", "3 min" or "18 h 20 min": the largest two parts that matter; their order
    stays in a sentence of the other direction."""
    return format_html("<bdi>{}</bdi>", "–" if seconds is None else _spent(seconds))


def _spent(seconds: float) -> str:
    if 0 < seconds < 1:
        return gettext("under 1 s")
    whole = round(seconds)
    if whole < 90:
        return gettext("%(s)s s") % {"s": whole}
    hours, minutes = divmod(round(whole / 60), 60)
    if not hours:
        return gettext("%(m)s min") % {"m": minutes}
    return gettext("%(h)s h %(m)s min") % {"h": hours, "m": minutes}


@register.simple_tag
def ago(when: datetime | None, now: datetime | None = None) -> SafeString:
    """An instant as "3 minutes ago" or "in 2 hours", with the exact local time on hover."""
    if when is None:
        return format_html('<span class="muted">{}</span>', "–")
    now = now or clock()
    if abs((now - when).total_seconds()) < 60:
        said = gettext("just now")
    elif when < now:
        said = gettext("%(age)s ago") % {"age": timesince(when, now, depth=1)}
    else:
        said = gettext("in %(time)s") % {"time": timeuntil(when, now, depth=1)}
    exact = date_format(localtime(when), "DATETIME_FORMAT")
    return format_html(
        '<time dir="auto" datetime="{}" title="{}">{}</time>', when.isoformat(), exact, said
    )


@register.simple_tag
def pill(state: str, label: str = "", tone: str = "") -> SafeString:
    """A state as a small coloured word; `label` and `tone` take the place of the state's own."""
    words, own = states.pill_for(str(state))
    return format_html('<span class="pill {}" dir="auto">{}</span>', tone or own, label or words)


@register.simple_tag
def progress(
    value: float, most: float, label: str = "", edge: bool = False, id: str = ""
) -> SafeString:
    """A bar of value out of most; `edge` is the thin one under a phone's top bar."""
    named = label or gettext("%(value)s of %(most)s") % {"value": value, "most": most}
    return format_html(
        '<progress class="progress{}" value="{}" max="{}" aria-label="{}"{}></progress>',
        " edge" if edge else "",
        value,
        most or 1,
        named,
        format_html(' id="{}"', id) if id else "",
    )


@register.simple_tag
def split(*parts: float) -> Any:
    """A thin bar cut in proportion to two or three counts; say the counts in words beside it."""
    return _Markup(charts.split(parts))


@register.simple_tag
def chart(kind: str, *data: Any, **words: Any) -> charts.Chart:
    """A chart of `ujima.web.charts` by its name; titles and heads as keywords."""
    words.setdefault("nothing", gettext("Nothing to draw yet."))
    drawn = CHARTS[kind](*data, **words)
    return charts.with_table_label(drawn, gettext("As a table"))


@register.inclusion_tag("ujima/components/empty.html")
def empty(
    title: str, text: str = "", url: str = "", label: str = "", icon: str = "inbox"
) -> dict[str, Any]:
    """What stands where a list has nothing: why, and the next step."""
    return {"title": title, "text": text, "url": url, "label": label, "icon": icon}


@register.inclusion_tag("ujima/components/field.html")
def field(form_field: BoundField, optional: bool = True) -> dict[str, Any]:
    """A form's field with label, hint, error and control, tied together for screen readers.

    Radio buttons and checkbox lists become large choices. Fields that may stay empty say so,
    unless `optional` is false.
    """
    kind = getattr(form_field.field.widget, "input_type", "text")
    many = kind in ("radio", "checkbox") and hasattr(form_field.field.widget, "choices")
    return {
        "field": form_field,
        "kind": "choices" if many else kind,
        "says_optional": optional and not form_field.field.required and kind != "checkbox",
    }


@register.inclusion_tag("ujima/components/errors.html")
def errors(form: Any) -> dict[str, Any]:
    """The error summary: what is wrong and where, each line a link to its field."""
    return {"form": form, "wrong": [f for f in form if f.errors] if form.is_bound else []}


@register.inclusion_tag("ujima/components/choice.html")
def choice(
    name: str,
    value: str,
    label: str,
    key: int | str = "",
    kind: str = "radio",
    checked: bool = False,
    hint: str = "",
) -> dict[str, Any]:
    """One large answer to tap; `key` is the digit that picks it on a keyboard."""
    return {
        "name": name,
        "value": value,
        "label": label,
        "key": key,
        "kind": kind,
        "checked": checked,
        "hint": hint,
    }


@register.inclusion_tag("ujima/components/steps.html")
def steps(names: Sequence[str], current: int, urls: Sequence[str] = ()) -> dict[str, Any]:
    """Where one stands in a task of several pages; `current` counts from 1. With the steps' `urls`
    those that are passed lead back."""
    led = [*urls, *[""] * (len(names) - len(urls))]
    numbers = range(1, len(names) + 1)
    return {"steps": list(zip(numbers, names, led, strict=True)), "current": current}


@register.inclusion_tag("ujima/components/crumbs.html")
def crumbs(trail: Sequence[dict[str, str]]) -> dict[str, Any]:
    """The way from the top to this page: {label, url}; the last, without url, is this page."""
    return {"trail": trail}


@register.inclusion_tag("ujima/components/pager.html")
def pager(newer: str = "", older: str = "", start: str = "", next: str = "") -> dict[str, Any]:
    """Links to the neighbouring pages of a keyset-paged list, where there are any: newer and older
    ones, or the start and the next in an order that the reader chose."""
    return {"newer": newer, "older": older, "start": start, "next": next}


@register.inclusion_tag("ujima/components/heads.html")
def heads(columns: Sequence[Any]) -> dict[str, Any]:
    """The heads of a table that can be sorted: `ujima.web.sorting.heads`; inside a table's row."""
    return {"columns": columns}


@register.simple_block_tag
def notice(content: str, tone: str = "") -> SafeString:
    """A message in the page; tone is "" (information), ok, warning or danger."""
    tone = TONES.get(tone, tone if tone in NOTICE_ICONS else "")
    sign = icon(NOTICE_ICONS.get(tone, "info"))
    role = "alert" if tone == "danger" else "status"
    return format_html(
        '<div class="notice {}" role="{}">{}<div>{}</div></div>', tone, role, sign, content
    )


@register.simple_block_tag
def kpi(content: str, label: str, note: str = "") -> SafeString:
    """One figure of a page in a card: its name above, its interval or source below."""
    under = format_html("<p>{}</p>", note) if note else ""
    return format_html('<div class="card kpi"><p>{}</p><b>{}</b>{}</div>', label, content, under)
