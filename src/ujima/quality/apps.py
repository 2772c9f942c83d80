from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "ujima.quality"
    label = "quality"
