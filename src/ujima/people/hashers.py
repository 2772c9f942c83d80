"""Argon2id tuned so that a small server stays responsive: 19 MiB, 2 passes (OWASP minimum), and
only a few at once in a process, which also bounds the memory that a crowd at the door can take."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

#: a small server has two cores, and two web processes; who comes third waits some 50 ms
AT_ONCE = 2
_places = BoundedSemaphore(AT_ONCE)


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _places:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _places:
            return super().verify(password, encoded)
