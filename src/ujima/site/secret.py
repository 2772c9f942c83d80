"""The secret that signs sessions: from the environment, or made once and kept with the data."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def secret_key(environment: Mapping[str, str], data: Path) -> str:
    """UJIMA_SECRET_KEY, or the content of `data`/secret-key, made there (mode 600) if absent."""
    if given := environment.get("UJIMA_SECRET_KEY"):
        return given
    path = data / "secret-key"
    try:
        return path.read_text()
    except FileNotFoundError:
        data.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(48)
    draft = data / f"secret-key.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(made)
    try:
        os.link(draft, path)  # fails if another process was first; then its secret counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()
