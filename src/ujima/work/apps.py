from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "ujima.work"
    label = "work"
