"""The document of the API is kept in docs/openapi.json, and changes only on purpose."""

import json
import os
from pathlib import Path

from django.test import Client

KEPT = Path(__file__).parents[2] / "docs" / "openapi.json"


def served() -> str:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    return json.dumps(json.loads(response.content), indent=1, sort_keys=True) + "\n"


def test_the_document_is_the_one_that_is_kept() -> None:
    """Changed on purpose? UJIMA_SNAPSHOT=1 bin/test tests/api/test_openapi.py writes it anew."""
    if os.environ.get("UJIMA_SNAPSHOT") == "1":
        KEPT.write_text(served())
    assert served() == KEPT.read_text(), "see this test's docstring"


def test_every_operation_tells_its_name_its_refusals_and_its_key() -> None:
    document = json.loads(served())
    assert document["openapi"].startswith("3.1")
    told = [
        (method, operation)
        for methods in document["paths"].values()
        for method, operation in methods.items()
    ]
    names = [operation["operationId"] for _, operation in told]
    assert len(set(names)) == len(names)
    for method, operation in told:
        assert operation["description"]
        assert "default" in operation["responses"]
        headers = [p["name"] for p in operation.get("parameters", []) if p["in"] == "header"]
        assert headers == (["Idempotency-Key"] if method == "post" else [])


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = json.loads(served())
    text = json.dumps(document)
    named = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= set(document["components"]["schemas"])
