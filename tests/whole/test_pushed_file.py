"""A page as readers see it, pushed as a file, becomes a document that both languages find."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from commands import run_warta
from fixtures_stack import Running
from waiting import eventually

OWN = Path(__file__).parents[1] / "data" / "msme-consultation.txt"
# A page of the kind of site that Warta feeds, where it lies beside the checkout; not part of the project.
OTHER = Path(__file__).parents[3] / "shared" / "samples" / "seed-article.txt"
MINISTRIES = {"org:kemenkop-umkm", "org:bkpm", "org:kemnaker", "org:kemendag"}


def warta(running: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_warta(running.environment(), *arguments)


@pytest.fixture(scope="module", params=[OWN, OTHER], ids=["own", "other"])
def document(running: Running, request: pytest.FixtureRequest) -> dict[str, Any]:
    if not request.param.exists():
        pytest.skip("not beside this checkout")
    pushed = warta(running, "push", str(request.param), "--external-id", request.param.stem, "--json")
    assert pushed.returncode == 0, pushed.stderr
    result = orjson.loads(pushed.stdout)
    assert result["status"] == "published"
    found = eventually(lambda: running.documents({"term": {"id": result["id"]}}))
    return found[0]


def test_it_is_known_for_what_it_is(document: dict[str, Any]) -> None:
    assert document["language"] == "en"
    assert document["source"]["id"] == "GALERT"
    assert document["body"].split("\n")[0].startswith("Deputy Minister")
    assert "View JSON" not in document["body"]


def test_its_entities_are_found(document: dict[str, Any]) -> None:
    assert {entity["id"] for entity in document["organisations"]} >= MINISTRIES
    assert {"place:id-ji", "place:id-3578"} <= {place["id"] for place in document["places"]}
    assert "2025-06-02" in {date["date"] for date in document["dates"]}


def test_its_topics_are_small_business_and_policy(document: dict[str, Any]) -> None:
    assert {"20001172", "20000621"} <= {topic["code"] for topic in document["topics"]}


@pytest.mark.parametrize(
    "query", ["ministry enterprise", "emphasise OR consultation", "Surabaya", '"East Java"']
)
def test_english_stems_and_exact_words_find_it(
    running: Running, document: dict[str, Any], query: str
) -> None:
    words = query.replace(" OR ", " | ")
    found = orjson.loads(warta(running, "search", words, "--size", "100", "--json").stdout)
    assert document["id"] in {hit["article"]["id"] for hit in found["hits"]}


def test_an_exact_indonesian_word_finds_an_indonesian_article(running: Running) -> None:
    article = {
        "external_id": "bunga-acuan",
        "title": "BI menaikkan suku bunga acuan",
        "body": "Bank Indonesia menaikkan suku bunga acuan menjadi 5,75 persen pada Rabu (19/11/2025). "
        "Gubernur mengatakan keputusan itu untuk menjaga nilai tukar rupiah dan pembiayaan usaha kecil.",
        "source": "KABAR",
    }
    (result,) = running.push(article).json()["results"]
    eventually(lambda: running.documents({"term": {"id": result["id"]}}))
    for query in ("menaikkan", "biaya", "suku bunga"):
        found = orjson.loads(
            warta(running, "search", query, "--lang", "id", "--size", "100", "--json").stdout
        )
        assert result["id"] in {hit["article"]["id"] for hit in found["hits"]}, query


def test_pushing_it_again_changes_nothing(running: Running, document: dict[str, Any]) -> None:
    path = OWN if document["title"].startswith("Ministry Opens") else OTHER
    again = warta(running, "push", str(path), "--external-id", path.stem, "--json")
    assert again.returncode == 0
    assert orjson.loads(again.stdout)["status"] == "unchanged"


def test_trace_knows_it(running: Running, document: dict[str, Any]) -> None:
    traced = warta(running, "trace", document["id"], "--json")
    assert traced.returncode == 0
    assert orjson.loads(traced.stdout)["article"]["revision"] == document["revision"]
