"""A secret that a page shows once: the form that made it hands it to the page that follows.

So a reload makes no second key, link or PIN, and shows the first no more. In between, the secret
lies in the session of whoever made it, until it is shown.
"""

import time

from django.http import HttpRequest

#: a browser follows a redirect at once; what nobody fetched by then is not shown any more
SECONDS = 300
NAME = "shown_once"


def keep(request: HttpRequest, what: str, secret: str) -> None:
    """Keep a secret for the next page that asks for `what`; whatever waited before is dropped."""
    request.session[NAME] = [what, secret, int(time.time()) + SECONDS]


def take(request: HttpRequest, what: str) -> str:
    """The secret that waits to be shown as `what`, which is gone after this; else nothing."""
    kept = request.session.get(NAME)
    if not kept or kept[0] != what:
        return ""
    del request.session[NAME]
    return str(kept[1]) if time.time() < kept[2] else ""
