"""Gold that leaked is found by its late answers; gold that is merely easy is not."""

import random

from ujima.quality.gold_leaks import Watch


def job(*, leaked: set[int], seed: int, golds: int = 30, people: int = 60) -> Watch:
    """People come one after the other; of leaked gold the later half knows the answer, three in
    four of them."""
    chance, watch = random.Random(seed), Watch()
    ease = {unit: chance.choice([0.6, 0.8, 0.97]) for unit in range(golds)}
    for person in range(people):
        slow = chance.gauss(9, 0.3)
        for unit in range(golds):
            told = unit in leaked and person >= people // 2 and chance.random() < 0.75
            right = told or chance.random() < ease[unit]
            watch.see(unit, person, right, int(2.718 ** (slow - 0.7 * told + chance.gauss(0, 0.5))))
        for unit in range(100, 150):
            watch.see(unit, person, None, int(2.718 ** (slow + chance.gauss(0, 0.5))))
    return watch


ACCURACY = dict.fromkeys(range(120), 0.8)


def test_leaked_gold_is_found() -> None:
    for people, least in ((60, 10), (120, 17)):
        found = [
            set(job(leaked={3, 7}, seed=s, people=people).leaked(ACCURACY, range(30)))
            for s in range(10)
        ]
        assert sum(len(one & {3, 7}) for one in found) >= least, f"of 20, by {people} people"
        assert sum(len(one - {3, 7}) for one in found) <= 2


def test_where_nothing_leaked_hardly_anything_is_retired() -> None:
    alarms = sum(bool(job(leaked=set(), seed=s).leaked(ACCURACY, range(30))) for s in range(20))
    assert alarms <= 3, "one job in twenty is expected"


def test_little_seen_or_offered_no_more_is_left_alone() -> None:
    assert job(leaked={3}, seed=1, people=10).leaked(ACCURACY, range(30)) == {}
    assert job(leaked={3}, seed=1).leaked(ACCURACY, []) == {}
