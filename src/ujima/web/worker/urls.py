"""Addresses of a worker's pages."""

from django.urls import path

from ujima.web.worker import about, earnings, home, lesson, look, me, page

urlpatterns = [
    path("work", home.home, name="work"),
    path("work/page/<uuid:page_id>", page.unit, name="unit"),
    path("work/page/<uuid:page_id>/done", page.done, name="page_done"),
    path("work/page/<uuid:page_id>/<int:number>/back", page.give_back, name="give_back"),
    path("work/<uuid:job_id>", look.look, name="look"),
    path("work/<uuid:job_id>/take", look.take, name="take"),
    path("work/about/<uuid:case_id>", about.about, name="about"),
    path("work/about/<uuid:case_id>/lesson", lesson.lesson, name="lesson"),
    path("work/about/<uuid:case_id>/practise", lesson.practise, name="practise"),
    path("earnings", earnings.earnings, name="earnings"),
    path("earnings.csv", earnings.earnings_file, name="earnings_file"),
    path("me", me.me, name="me"),
    path("me/pin", me.pin, name="pin"),
    path("me/phones/<uuid:device_id>", me.phone, name="phone"),
]
