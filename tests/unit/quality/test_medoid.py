import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ujima.quality.errors import BadAnswer
from ujima.quality.kinds.edits import distance
from ujima.quality.medoid import PIECE, _distance, _tokens, medoid

WORDS = st.lists(st.sampled_from(["a", "b", "c", "Da", "-5", "é"]), max_size=5).map(" ".join)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=2), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("texts", "chosen", "agreement"),
    [
        ([["b"], ["a"], ["a"]], ["a"], 2 / 3),
        ([["Straße "], ["STRASSE"], ["x"]], ["Straße "], 2 / 3),
        ([["A"], ["a"], ["a"]], ["a"], 1.0),
        ([["b"], ["a"]], ["b"], 0.5),
        ([["one", "two"], ["one two"]], ["one", "two"], (1 + 2 / 3) / 2),
        ([["-5"], ["5"]], ["-5"], 0.75),
        ([["?"], ["!"], ["!"]], ["!"], 2 / 3),
        ([[""], ["a"], [""]], [""], 2 / 3),
    ],
)
def test_the_text_most_people_wrote_wins_as_most_often_written(texts, chosen, agreement) -> None:
    assert medoid(texts) == (chosen, pytest.approx(agreement))


def test_transcriptions_that_differ_in_a_word_support_each_other() -> None:
    texts = ["the cat sat on a mat", "the cat sat on the mat", "the cat sad on the mat", "dog"]
    chosen, agreement = medoid([[text] for text in texts])
    assert chosen == [texts[1]]
    assert agreement == pytest.approx((1 + 5 / 6 + 5 / 6 + 0) / 4)


def test_what_more_people_wrote_wins_among_equally_near_texts() -> None:
    # both are 3 words off in all
    assert medoid([["a c"], ["a b"], ["a b"], ["a c d"]])[0] == ["a b"]
    assert medoid([["a c"], ["a b"], ["a c d"]])[0] == ["a c"]


def test_scripts_without_spaces_are_compared_by_character_and_others_by_word() -> None:
    assert medoid([["東京都"], ["東京府"], ["大阪府"]])[0] == ["東京府"]
    assert list(_tokens("हिन्दी भाषा।")) == ["हिन्दी", "भाषा", "।"]
    assert list(_tokens("don't, 3.5\nx")) == ["don't", ",", "3", ".", "5", "\n", "x"]


@settings(deadline=None)
@given(TEXTS)
def test_the_choice_is_one_that_was_written_and_nearest_to_all(texts) -> None:
    chosen, agreement = medoid(texts)
    assert chosen in texts
    assert 1 / len(texts) - 1e-12 <= agreement <= 1 + 1e-12
    tokens = [_words(lines) for lines in texts]
    far = [sum(_slow(one, other) for other in tokens) for one in tokens]
    assert far[texts.index(chosen)] == min(far)


@settings(deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_change_how_near_the_choice_is(texts, chance) -> None:
    def farness(chosen):
        return sum(_slow(_words(chosen), _words(other)) for other in texts)

    shuffled = list(texts)
    chance.shuffle(shuffled)
    assert farness(medoid(shuffled)[0]) == farness(medoid(texts)[0])


@settings(deadline=None)
@given(WORDS, st.lists(WORDS, max_size=5))
def test_what_more_than_half_wrote_alike_is_always_chosen(most, others) -> None:
    texts = [[text] for text in others] + [[most]] * (len(others) + 1)
    chosen, agreement = medoid(texts)
    assert _words(chosen) == _words([most])
    assert agreement > 0.5


@settings(deadline=None)
@given(WORDS, st.integers(1, 6))
def test_unanimous_texts_are_kept_and_wholly_sure(text, n) -> None:
    assert medoid([[text]] * n) == ([text], 1.0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, PIECE), st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_a_long_text_is_never_thought_nearer_than_it_is(extra, edits, seed) -> None:
    chance = random.Random(seed)
    one = [str(chance.randrange(50)) for _ in range(PIECE + extra)]
    other = list(one)
    for _ in range(edits):
        at = chance.randrange(len(other))
        other[at : at + 1] = [] if chance.random() < 0.5 else ["new", other[at]]
    assert distance(one, other) <= _distance(one, other) <= max(len(one), len(other))


def test_nobodys_text_is_refused() -> None:
    with pytest.raises(BadAnswer):
        medoid([])


def _words(lines):
    kept = [line.casefold().replace("-", " - ").split() for line in lines]
    parts = [line for line in kept if line]
    return [t for at, line in enumerate(parts) for t in ([] if at == 0 else ["\n"]) + line]


def _slow(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        after = [i]
        for j, (y, (here, there)) in enumerate(zip(b, pairwise(row), strict=True), 1):
            after.append(min(here + (x != y), there + 1, after[j - 1] + 1))
        row = after
    return row[-1]
