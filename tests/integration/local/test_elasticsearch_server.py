"""The real server: security, analyzers, kill and restart, the user it runs as."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from warta_local.elasticsearch import ElasticsearchServer
from warta_local.processes import PortTaken


@pytest.fixture
def client(elasticsearch_server: ElasticsearchServer) -> Iterator[httpx.Client]:
    with connect(elasticsearch_server, elasticsearch_server.password) as connected:
        yield connected


def connect(server: ElasticsearchServer, password: str) -> httpx.Client:
    return httpx.Client(base_url=server.url, auth=("elastic", password), trust_env=False, timeout=30)


def content(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()


def tokens(client: httpx.Client, text: str, **analysis: Any) -> list[str]:
    answer = content(client.post("/_analyze", json={"text": text, **analysis}))
    return [token["token"] for token in answer["tokens"]]


def test_it_is_the_pinned_version_and_healthy(client: httpx.Client) -> None:
    assert content(client.get("/_nodes"))["nodes"].popitem()[1]["version"] == "8.19.4"
    assert content(client.get("/_cluster/health"))["status"] in {"green", "yellow"}


def test_nobody_enters_without_the_password(elasticsearch_server: ElasticsearchServer) -> None:
    with connect(elasticsearch_server, "guess") as stranger:
        assert stranger.get("/_cluster/health").status_code == 401


def test_it_never_runs_as_root(elasticsearch_server: ElasticsearchServer) -> None:
    uids = psutil.Process(elasticsearch_server.pid).uids()
    assert 0 not in uids
    if os.geteuid() != 0:
        assert set(uids) == {os.geteuid()}


def test_api_keys_work(elasticsearch_server: ElasticsearchServer, client: httpx.Client) -> None:
    rights = {"indices": [{"names": ["articles-keys"], "privileges": ["read"]}]}
    wanted = {"name": "reader", "role_descriptors": {"reader": rights}}
    key = content(client.post("/_security/api_key", json=wanted))["encoded"]
    content(client.put("/articles-keys"))
    headers = {"authorization": f"ApiKey {key}"}
    with httpx.Client(base_url=elasticsearch_server.url, headers=headers, trust_env=False) as reader:
        assert content(reader.get("/articles-keys/_count"))["count"] == 0
        assert reader.post("/articles-keys/_doc", json={"title": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("analyzer", "text", "expected"),
    [
        ("indonesian", "Harga bukunya dan pembelian", ["harga", "buku", "beli"]),
        ("english", "The ministries' running budgets", ["ministri", "run", "budget"]),
    ],
)
def test_official_analyzers_stem(client: httpx.Client, analyzer: str, text: str, expected: list[str]) -> None:
    assert tokens(client, text, analyzer=analyzer) == expected


def test_official_filters_and_tokenizers_work(client: httpx.Client) -> None:
    assert tokens(client, "Café PÉRIGORD", tokenizer="standard", filter=["lowercase", "asciifolding"]) == [
        "cafe",
        "perigord",
    ]
    assert tokens(client, "ada apa ada ada", tokenizer="standard", filter=["unique"]) == ["ada", "apa"]
    capture = {"type": "pattern_capture", "patterns": ["([^@]+)", "(\\d+)"]}
    assert tokens(client, "ani7@example.id", tokenizer="uax_url_email", filter=[capture, "unique"]) == [
        "ani7@example.id",
        "ani7",
        "7",
        "example.id",
    ]
    one = {"type": "pattern_capture", "patterns": ["(\\d+)"], "preserve_original": False}
    assert tokens(client, "ani7", tokenizer="standard", filter=[one]) == ["7"]


def test_a_missing_articles_index_is_an_error(client: httpx.Client) -> None:
    answer = client.post("/articles-misspelt/_doc", json={"title": "x"})
    assert answer.status_code == 404
    assert "action.auto_create_index" in answer.text


def test_what_was_written_survives_a_kill(elasticsearch_server: ElasticsearchServer) -> None:
    url, pid = elasticsearch_server.url, elasticsearch_server.pid
    with connect(elasticsearch_server, elasticsearch_server.password) as client:
        content(client.put("/kept/_doc/1", json={"title": "x"}))
        elasticsearch_server.kill()
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        with pytest.raises(httpx.TransportError):
            client.get("/_cluster/health")
        elasticsearch_server.restart()
        assert elasticsearch_server.url == url
        assert elasticsearch_server.pid != pid
        assert content(client.get("/kept/_doc/1"))["_source"] == {"title": "x"}


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = ElasticsearchServer(tmp_path / "server", port=port, password="never-used")
        with pytest.raises(PortTaken, match=f"port {port} for Elasticsearch is in use"):
            server.start()
        server.wipe()
