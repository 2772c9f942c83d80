"""The web pages as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, components and static files for buyers, providers, workers and the public."""

    name = "ujima.web"
    label = "web"
