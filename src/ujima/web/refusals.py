"""A refusal as a page: what happened, what it means, what to do; never a stack of code."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ujima.base.errors import NotSignedIn, Refusal


class RefusalPages:
    """Turns a refusal that no form caught into a page; whoever is not signed in is asked to."""

    def __init__(self, following: Callable[[HttpRequest], HttpResponse]):
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.following(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if isinstance(error, NotSignedIn):
            return redirect(f"/sign-in?next={request.path}")
        return render(request, "ujima/refusal.html", {"refusal": error}, status=error.status)
