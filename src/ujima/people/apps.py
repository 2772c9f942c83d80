from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ujima.people"
    label = "people"
