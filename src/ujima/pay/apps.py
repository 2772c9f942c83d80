from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "ujima.pay"
    label = "pay"
