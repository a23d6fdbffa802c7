"""The real server: security, analyzers, kill and restart, the user it runs as."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError

from warta_local.elasticsearch import ElasticsearchServer
from warta_local.processes import PortTaken


@pytest.fixture
def client(elasticsearch_server: ElasticsearchServer) -> Iterator[Elasticsearch]:
    connected = connect(elasticsearch_server, elasticsearch_server.password)
    yield connected
    connected.close()


def connect(server: ElasticsearchServer, password: str) -> Elasticsearch:
    return Elasticsearch(server.url, basic_auth=("elastic", password))


def tokens(client: Elasticsearch, text: str, **analysis: Any) -> list[str]:
    return [token["token"] for token in client.indices.analyze(text=text, **analysis)["tokens"]]


def test_it_is_the_pinned_version_and_healthy(client: Elasticsearch) -> None:
    assert client.nodes.info()["nodes"].popitem()[1]["version"] == "8.19.4"
    assert client.cluster.health()["status"] in {"green", "yellow"}


def test_nobody_enters_without_the_password(elasticsearch_server: ElasticsearchServer) -> None:
    with pytest.raises(ApiError) as refused:
        connect(elasticsearch_server, "guess").cluster.health()
    assert refused.value.status_code == 401


def test_it_never_runs_as_root(elasticsearch_server: ElasticsearchServer) -> None:
    uids = psutil.Process(elasticsearch_server.pid).uids()
    assert 0 not in uids
    if os.geteuid() != 0:
        assert set(uids) == {os.geteuid()}


def test_api_keys_work(elasticsearch_server: ElasticsearchServer, client: Elasticsearch) -> None:
    key = client.security.create_api_key(
        name="reader",
        role_descriptors={"reader": {"indices": [{"names": ["articles-keys"], "privileges": ["read"]}]}},
    )
    client.indices.create(index="articles-keys")
    reader = Elasticsearch(elasticsearch_server.url, api_key=key["encoded"])
    assert reader.count(index="articles-keys")["count"] == 0
    with pytest.raises(ApiError) as refused:
        reader.index(index="articles-keys", document={"title": "x"})
    assert refused.value.status_code == 403
    reader.close()


@pytest.mark.parametrize(
    ("analyzer", "text", "expected"),
    [
        ("indonesian", "Harga bukunya dan pembelian", ["harga", "buku", "beli"]),
        ("english", "The ministries' running budgets", ["ministri", "run", "budget"]),
    ],
)
def test_official_analyzers_stem(
    client: Elasticsearch, analyzer: str, text: str, expected: list[str]
) -> None:
    assert tokens(client, text, analyzer=analyzer) == expected


def test_official_filters_and_tokenizers_work(client: Elasticsearch) -> None:
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


def test_a_missing_articles_index_is_an_error(client: Elasticsearch) -> None:
    with pytest.raises(NotFoundError, match=r"action\.auto_create_index"):
        client.index(index="articles-misspelt", document={"title": "x"})


def test_what_was_written_survives_a_kill(tmp_path: Path, elasticsearch_server: ElasticsearchServer) -> None:
    client = connect(elasticsearch_server, elasticsearch_server.password)
    client.index(index="kept", id="1", document={"title": "x"})
    url, pid = elasticsearch_server.url, elasticsearch_server.pid
    elasticsearch_server.kill()
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    with pytest.raises(TransportError):
        client.options(max_retries=0).cluster.health()
    elasticsearch_server.restart()
    assert elasticsearch_server.url == url
    assert elasticsearch_server.pid != pid
    assert client.get(index="kept", id="1")["_source"] == {"title": "x"}
    client.close()


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = ElasticsearchServer(tmp_path / "server", port=port, password="never-used")
        with pytest.raises(PortTaken, match=f"port {port} for Elasticsearch is in use"):
            server.start()
        server.wipe()
