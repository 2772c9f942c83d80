"""Addresses of signing in, joining and one's own account."""

from django.urls import path

from ujima.web.account import joining, places, signing_in

urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("join/<str:token>", joining.join, name="join"),
    path("choose", places.choose, name="choose"),
    path("language", places.language, name="language"),
    path("account", places.account, name="account"),
]
