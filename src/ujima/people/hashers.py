"""Argon2id tuned so that a small server stays responsive: 19 MiB, 2 passes (OWASP minimum)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
