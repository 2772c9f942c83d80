"""Addresses of the phone's sync, under /api/v1/phone/."""

from django.urls import path

from ujima.phone import views

app_name = "phone"
urlpatterns = [
    path("offers", views.offered, name="offers"),
    path("jobs/<uuid:job_id>/versions/<int:number>", views.version, name="version"),
    path("pages", views.pages, name="pages"),
    path("held", views.held, name="held"),
    path("judgments", views.judgments, name="judgments"),
]
