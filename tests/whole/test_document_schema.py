"""Documents as Elasticsearch gives them back are what the published JSON Schema says, and have no other fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs

from fixtures_stack import Running
from waiting import eventually

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs" / "schemas" / "document.v1.json").read_text()
)
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
ARTICLES = [
    {
        "external_id": "schema-full",
        "title": "Bank Indonesia menahan suku bunga",
        "summary": "Gubernur Bank Indonesia berbicara di Jakarta.",
        "body": "Bank Indonesia menahan suku bunga acuan 5,5 persen pada 2 Juni 2025. Saham BBCA naik, kata Sri "
        "Mulyani di Jakarta. Kredit senilai Rp2 miliar disalurkan menurut Undang-Undang Nomor 4 Tahun 2023.",
        "url": "https://schema.example/ekonomi/suku-bunga",
        "authors": ["Siti Aminah"],
        "sections": ["Ekonomi"],
        "image_url": "https://schema.example/bunga.jpg",
        "published_at": "2025-06-02T10:00:00+07:00",
        "extensions": {"desk": "pasar", "page": 3, "front": True, "score": 0.5},
        "source": "SCHEMA",
    },
    {"external_id": "schema-bare", "title": "42", "body": "42", "source": "SCHEMA"},
    {"external_id": "schema-bare", "status": "withdrawn", "source": "SCHEMA"},
]


def test_every_document_is_valid(running: Running) -> None:
    for article in ARTICLES:
        running.push(article).raise_for_status()
    withdrawn = {"bool": {"filter": [{"term": {"source.id": "SCHEMA"}}, {"term": {"status": "withdrawn"}}]}}
    eventually(lambda: running.documents(withdrawn))
    eventually(lambda: len(running.documents({"term": {"source.id": "SCHEMA"}})) == 2)
    documents = running.documents({"match_all": {}})
    for document in documents:
        VALIDATOR.validate(document)
        assert document.keys() <= SCHEMA["properties"].keys()
    full = next(one for one in documents if one["title"] == ARTICLES[0]["title"])
    assert all(
        full[kind] for kind in ("topics", "organisations", "places", "amounts", "percentages", "dates")
    )
