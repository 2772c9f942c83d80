"""What every page knows: who is signed in, in which organisation."""

from typing import Any

from django.http import HttpRequest


def who(request: HttpRequest) -> dict[str, Any]:
    """`principal` (staff) or `worker`, as the page's gate has set it, or neither."""
    return {
        "principal": getattr(request, "principal", None),
        "worker": getattr(request, "worker", None),
    }
