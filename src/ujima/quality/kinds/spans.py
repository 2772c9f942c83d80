"""Spans of a text: every token is outside, at the beginning of a span, or inside one.

Tokens' states are judged like any other choice (iBCC), then read back as spans. Source of the
states: Ramshaw and Marcus 1995 (BIO); of the idea: Nguyen et al., ACL 2017.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes, Judgments
from ujima.quality.kinds.consensus import Consensus, Flags, checked, people
from ujima.quality.kinds.edits import is_letter
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import Array

OUTSIDE, BEGINS, INSIDE = 0, 1, 2
STATES = 3
#: what is as likely in as out is out, whatever the rounding
EVEN = 1e-9
#: of a usual word and the space after it
LETTERS = 6

Spans = list[tuple[int, int]]


class Tokens(NamedTuple):
    """Where a task's tokens begin and end: (n,) character offsets, ends left out."""

    start: Codes
    end: Codes


def tokens_of(text: str) -> Tokens:
    """A text's words and marks. A letter keeps the marks that combine with it."""
    shape = "".join("w" if is_letter(s) or s == "_" else " " if s.isspace() else "." for s in text)
    return _tokens_at([m.span() for m in re.finditer(r"w+|\.", shape)])


def pieces_of(spans: Sequence[tuple[int, int]]) -> Tokens:
    """Without the text: the pieces into which all the judgments' ends cut it; long ones are cut
    again into lengths of a usual word, so that they count for as much as with the text."""
    edges = sorted({edge for span in spans for edge in span})
    cuts = [at for a, b in pairwise(edges) for at in range(a, b, LETTERS)] + edges[-1:]
    return _tokens_at(list(pairwise(cuts)))


def _tokens_at(found: Sequence[tuple[int, int]]) -> Tokens:
    at = np.array(found, np.intp).reshape(-1, 2)
    return Tokens(at[:, 0], at[:, 1])


def spans(
    task: Codes,
    worker: Codes,
    start: Codes,
    end: Codes,
    *,
    n_tasks: int,
    n_workers: int,
    texts: Sequence[str] | None = None,
    gold: Mapping[int, Spans] | None = None,
) -> Consensus:
    """Infer each task's spans.

    start, end   (n,) character offsets, the end left out; -1, -1 says that she marked nothing.
                 One row a span, several a worker and task
    texts        (n_tasks,) the texts, so that spans keep to whole tokens
    gold         task -> its true spans, held as known
    answers      lists of (start, end), in order
    confidence   the mean over tokens that somebody marked of how sure their state is; 1 without any
    skill        the share of tokens on which she agreed with what was inferred

    Raises BadJudgments for codes that do not fit, and spans that are empty or outside their text.
    """
    checked(task, worker, n_tasks, n_workers)
    _check_ends(task, start, end, texts)
    tokens = _tokens(task, start, end, n_tasks, texts, gold or {})
    first = np.concatenate([[0], np.cumsum([len(t.start) for t in tokens])])
    asked = np.unique(np.stack([task, worker], axis=1), axis=0)
    state = _states(task, worker, start, end, tokens, asked, n_workers)
    sizes = np.diff(first)[asked[:, 0]]
    row = np.repeat(np.arange(len(asked)), sizes)
    at = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    token, by = first[asked[row, 0]] + at, asked[row, 1]
    counts, judged = people(task, worker, n_tasks, n_workers)
    if not len(token):
        empty: list[Spans] = [[] for _ in range(n_tasks)]
        return Consensus(empty, np.ones(n_tasks), counts, np.full(n_workers, np.nan), judged, "bio")
    truth = ibcc(
        Judgments(token, by, state, int(first[-1]), n_workers, STATES),
        gold=_known(gold or {}, tokens, first),
    )
    marked = np.bincount(token, weights=state != OUTSIDE, minlength=int(first[-1])) > 0
    said = truth.posterior[token, state]
    total = np.bincount(by, minlength=n_workers)
    agreed = np.divide(
        np.bincount(by, said, n_workers), total, where=total > 0, out=np.full(n_workers, np.nan)
    )
    parts = [slice(a, b) for a, b in pairwise(first)]
    return Consensus(
        answers=[read(truth.posterior[p], t) for p, t in zip(parts, tokens, strict=True)],
        confidence=np.array([_sure(truth.posterior[p], marked[p]) for p in parts]),
        judgments=counts,
        skill=agreed,
        judged=judged,
        method="bio_ibcc",
        history=truth.history,
        converged=truth.converged,
    )


def read(posterior: Array, tokens: Tokens) -> Spans:
    """The spans of a posterior (n, 3) over states: a token is in one if that is likelier than not,
    and begins another if it is likelier to begin than to go on."""
    found: Spans = []
    going = False
    for place, (outside, begins, inside) in enumerate(posterior.tolist()):
        is_in = outside < 0.5 - EVEN
        if is_in and (not going or begins > inside + EVEN):
            found.append((int(tokens.start[place]), int(tokens.end[place])))
        elif is_in:
            found[-1] = (found[-1][0], int(tokens.end[place]))
        going = is_in
    return found


def states_of(given: Sequence[tuple[int, int]], tokens: Tokens) -> Codes:
    """(n,) each token's state under one person's spans; a token counts as in if any of it is."""
    state = np.zeros(len(tokens.start), np.intp)
    for a, b in sorted(given):
        low = int(np.searchsorted(tokens.end, a, side="right"))
        high = int(np.searchsorted(tokens.start, b, side="left"))
        begins = BEGINS if low < high and state[low] == OUTSIDE else INSIDE
        state[low:high] = INSIDE
        state[low : min(low + 1, high)] = begins
    return state


def _check_ends(task: Codes, start: Codes, end: Codes, texts: Sequence[str] | None) -> None:
    none = (start == -1) & (end == -1)
    bad = ~none & ((start < 0) | (end <= start))
    if texts is not None:
        lengths = np.array([len(text) for text in texts])
        bad |= ~none & (end > lengths[task])
    if bad.any():
        rows = np.flatnonzero(bad)[:5].tolist()
        raise BadJudgments(
            f"{bad.sum()} spans are empty or outside their text.", place={"rows": rows}
        )


def _tokens(
    task: Codes,
    start: Codes,
    end: Codes,
    n_tasks: int,
    texts: Sequence[str] | None,
    gold: Mapping[int, Spans],
) -> list[Tokens]:
    if texts is not None:
        return [tokens_of(text) for text in texts]
    given: list[Spans] = [list(gold.get(at, ())) for at in range(n_tasks)]
    for t, a, b in zip(task.tolist(), start.tolist(), end.tolist(), strict=True):
        if b > a:
            given[t].append((a, b))
    return [pieces_of(one) if one else Tokens(*np.empty((2, 0), np.intp)) for one in given]


def _states(
    task: Codes,
    worker: Codes,
    start: Codes,
    end: Codes,
    tokens: list[Tokens],
    asked: Codes,
    n_workers: int,
) -> Codes:
    """The state of every token for everybody who judged its task, in the order of `asked`."""
    given: dict[int, Spans] = {}
    pairs = task.astype(np.int64) * n_workers + worker
    for pair, a, b in zip(pairs.tolist(), start.tolist(), end.tolist(), strict=True):
        own = given.setdefault(pair, [])
        if b > a:
            own.append((a, b))
    states = [states_of(given[t * n_workers + w], tokens[t]) for t, w in asked.tolist()]
    return np.concatenate(states) if states else np.empty(0, np.intp)


def _known(gold: Mapping[int, Spans], tokens: list[Tokens], first: Codes) -> dict[int, int]:
    return {
        int(first[at]) + place: int(state)
        for at, true in gold.items()
        for place, state in enumerate(states_of(true, tokens[at]))
    }


def _sure(posterior: Array, marked: Flags) -> float:
    if not marked.any():
        return 1.0
    inside = 1 - posterior[marked, OUTSIDE]
    return float(np.maximum(inside, 1 - inside).mean())
