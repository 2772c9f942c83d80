"""What the web server calls."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from ujima.site.bodies import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ujima.site.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site, which never takes a part of a body for the whole."""
    environ["wsgi.input"] = WholeBody(environ["wsgi.input"])
    return _django(environ, start_response)
