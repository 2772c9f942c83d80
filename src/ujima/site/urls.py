"""Every address of the site. `public` views need no sign-in; every other view names its gate."""

from django.urls import include, path

from ujima.site.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/phone/", include("ujima.phone.urls")),
    path("api/v1/", include("ujima.api.urls")),
    path("", include("ujima.web.urls")),
]
