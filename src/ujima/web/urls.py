"""Addresses of the pages."""

from django.urls import include, path

from ujima.web import public

app_name = "web"
urlpatterns = [
    path("", public.home, name="home"),
    path("how-we-treat-workers", public.how_we_treat_workers, name="how_we_treat_workers"),
    path("components", public.components, name="components"),
    path("", include("ujima.web.account.urls")),
    path("", include("ujima.web.worker.urls")),
    path("", include("ujima.web.provider.urls")),
    path("", include("ujima.web.buyer.urls")),
]
