"""Whose address a request counts under."""

import pytest

from ujima.base.addresses import client_address
from ujima.base.failing import Failing

PROXIES = {"10.0.0.1", "10.0.0.2"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "203.0.113.9", "192.0.2.7"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "", "unknown"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.1"),
        ("10.0.0.1", "forged", "unknown"),
        ("", "", "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_a_forwarded_address_is_believed_from_our_own_proxies_alone(peer, forwarded, found):
    assert client_address(peer, forwarded, PROXIES) == found


def test_an_address_that_sends_bad_tokens_waits_and_then_may_try_again():
    failing = Failing()
    for _ in range(3):
        assert not failing.must_wait("a", "bad", 3, 0.0)
        failing.was_bad("a", "bad", 3, 0.0)
    assert failing.must_wait("a", "bad", 3, 0.0)
    assert not failing.must_wait("b", "bad", 3, 0.0)
    assert not failing.must_wait("a", "bad", 3, 20.0)


def test_a_token_that_was_good_is_not_held_up_by_its_neighbours():
    failing = Failing()
    failing.was_good("mine")
    for _ in range(3):
        failing.was_bad("a", "bad", 3, 0.0)
    assert not failing.must_wait("a", "mine", 3, 0.0)
    failing.was_bad("a", "mine", 3, 0.0)  # it was withdrawn
    assert failing.must_wait("a", "mine", 3, 0.0)


def test_no_limit_is_no_limit():
    failing = Failing()
    failing.was_bad("a", "bad", 0, 0.0)
    assert not failing.must_wait("a", "bad", 0, 0.0)
