from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ujima.audit"
    label = "audit"
