"""The API and its addresses under /api/v1/. The document: /api/v1/openapi.json."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from ujima.api import (
    channels,
    funds,
    jobs,
    labelling,
    me,
    offers,
    payroll,
    people,
    projects,
    quality,
    results,
    units,
)
from ujima.api.errors import NoLength, WrongMethod, tell_refusals, told
from ujima.api.operations import Problem
from ujima.base.errors import NotFound

View = Callable[..., HttpResponse]


class _Json(BaseRenderer):
    """Writes answers with orjson."""

    media_type = "application/json"
    charset = "utf-8"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str)


class _StrictJson(Parser):
    """Reads bodies with orjson: no NaN, no broken surrogates; no body at all is an empty object."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body or b"{}")


class Api(NinjaAPI):
    """django-ninja, with our headers on every answer and our problems in the document."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        response = super().create_temporal_response(request)
        response.headers["Cache-Control"] = "no-store"
        standing = getattr(request, "standing", None)
        for name, value in (standing.headers if standing else {}).items():
            response.headers[name] = value
        return response

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(request, *args, **kwargs)
        if getattr(request, "is_replay", False):
            response.headers["Idempotency-Replayed"] = "true"
        return response

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**where)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
        return document


api = Api(
    title="Ujima",
    version="1",
    description="Send work, watch it, take its results; run the provider's side of it. "
    "Money is in whole minor units, times are ISO 8601 with a zone.",
    urls_namespace="api",
    docs_url=None,
    parser=_StrictJson(),
    renderer=_Json(),
)
tell_refusals(api)
_PARTS = (
    me,
    projects,
    jobs,
    labelling,
    units,
    results,
    quality,
    channels,
    funds,
    offers,
    people,
    payroll,
)
for part in _PARTS:
    api.add_router("", part.router)


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """What no address of the API answers is refused as the API refuses."""
    return told(NotFound("The API has no such address."))


def _in_problems(view: View) -> View:
    """Ninja answers a wrong method by itself, in words of its own; told here as all refusals.
    A body without a length would be taken for none at all, so it is refused first."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            return told(NoLength())
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            return told(WrongMethod(), {"Allow": response.headers["Allow"]})
        return response

    return answered


def _urls() -> Any:
    patterns, app, namespace = api.urls
    for pattern in patterns:
        pattern.callback = _in_problems(pattern.callback)  # type: ignore[arg-type]
    return patterns, app, namespace


urlpatterns = [path("", _urls()), re_path(r"", not_found)]
