"""People at their browsers: signed in through the sign-in page, and what a page says."""

import re
from html import unescape
from typing import Any

from django.test import Client
from tests.cast import PASSWORD, PIN, Cast


def staff(email: str, password: str = PASSWORD) -> Client:
    """A member of staff, signed in."""
    client = Client()
    response = client.post("/sign-in", {"as": "staff", "email": email, "password": password})
    assert response.status_code == 302, words(response)
    return client


def worker(cast: Cast, code: str = "w001", pin: str = PIN) -> Client:
    """One of the provider's workers, signed in."""
    client = Client()
    response = client.post("/sign-in", worker_form(cast.provider.id, code, pin))
    assert response.status_code == 302, words(response)
    return client


def worker_form(provider_id: object, code: str, pin: str) -> dict[str, str]:
    """What a worker types on the sign-in page."""
    return {"as": "worker", "provider": str(provider_id), "code": code, "pin": pin}


def words(response: Any) -> str:
    """The words that a page shows, its tags and doubled spaces gone."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def hidden(response: Any, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"there is no field {name}"
    return unescape(found[1])
