"""Whether this process lives, and whether it can serve."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """This process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """This process reaches its database, and the database keeps what it acknowledges.

    `fsync`, `full_page_writes` or `synchronous_commit` off would break R1, so then it is not ready.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select current_setting('fsync'), current_setting('full_page_writes'), "
                "current_setting('synchronous_commit')"
            )
            unsafe = "off" in cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"ready": False, "why": "the database does not answer"}, status=503)
    if unsafe:
        why = "the database may lose what it acknowledges (fsync is off)"
        return JsonResponse({"ready": False, "why": why}, status=503)
    return JsonResponse({"ready": True})
