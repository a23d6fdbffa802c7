"""Articles through the containers: pushed, from the demo's feeds, past a kill and over more replicas."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import pytest
from compose_project import DEMO, ComposeProject

from waiting import eventually
from warta_local.newsroom import Outcome, expected_articles

pytestmark = pytest.mark.compose
Key = Callable[[], str]

PUSHED = {"term": {"source.id": "COMPOSE"}}
FROM_FEEDS = {"bool": {"must_not": [PUSHED]}}
DEMO_ARTICLES = {a.canonical_path: a.links for a in expected_articles() if a.outcome is Outcome.PUBLISHED}


def test_a_push_needs_the_key(system: ComposeProject, push_key: Key, reader_key: Key) -> None:
    refused = system.push("warta_wrong", "first", "Ministries met in Surabaya.")
    assert refused.status_code == 401
    taken = system.push(push_key(), "first", "Ministries met in Surabaya.")
    assert taken.status_code == 202
    assert taken.json()["results"][0]["status"] == "published"
    key = reader_key()
    eventually(lambda: system.count(key, PUSHED) == 1, 30, 1)


def test_the_operators_own_names_are_linked(system: ComposeProject, push_key: Key, reader_key: Key) -> None:
    assert system.push(push_key(), "own", "Bupati meresmikan pabrik MajuJaya di Kudus.").status_code == 202
    key, linked = reader_key(), {"term": {"organisations.id": "org:maju-jaya"}}
    eventually(lambda: system.count(key, linked) == 1, 30, 1)


def test_the_operator_pushes_and_searches(system: ComposeProject) -> None:
    line = '{"external_id": "piped", "title": "Piped", "body": "Sugar mills reopened.", "source": "PIPED"}\n'
    told = system("run", "--rm", "-T", "operator", "warta", "push", "-", given=line)
    assert "published" in told

    def found() -> bool:
        done = system.run("run", "--rm", "-T", "operator", "warta", "search", "sugar mill", "--json")
        return done.returncode == 0 and bool(json.loads(done.stdout)["total"] == 1)

    eventually(found, 30, 1)


def test_the_reader_s_key_writes_nothing(system: ComposeProject, reader_key: Key) -> None:
    import httpx

    answer = httpx.put(
        system.address("elasticsearch", 9200) + "/articles/_doc/x",
        json={"title": "x"},
        headers={"authorization": f"ApiKey {reader_key()}"},
    )
    assert answer.status_code == 403


def test_a_feeds_file_that_an_editor_replaced_is_followed(system: ComposeProject, config: Path) -> None:
    before = (config / "feeds.yaml").read_text(encoding="utf-8")

    def listed() -> bool:
        told = system.run("exec", "-T", "ingest", "warta", "feeds", "list", "--json").stdout
        return "added-later" in told

    replace(config, "feeds: [{id: added-later, url: 'http://nowhere.invalid/rss', source: X, name: X}]\n")
    eventually(listed, 20, 1)
    replace(config, before)
    eventually(lambda: not listed(), 20, 1)


def replace(config: Path, feeds: str) -> None:
    """As editors do it: a new file in the place of the old one."""
    fresh = config / ".feeds.yaml.new"
    fresh.write_text(feeds, encoding="utf-8")
    fresh.chmod(0o644)
    fresh.replace(config / "feeds.yaml")


def test_the_demo_articles_arrive(system: ComposeProject, reader_key: Key) -> None:
    system.up(*DEMO)
    key = reader_key()
    from_feeds = {"bool": {"must_not": [{"terms": {"source.id": ["COMPOSE", "PIPED"]}}]}}
    eventually(lambda: system.count(key, from_feeds) >= len(DEMO_ARTICLES), 120, 2)
    paths = [url.removeprefix("http://newsroom:8000") for url in system.urls(key, from_feeds)]
    of_path = {link: canonical for canonical, links in DEMO_ARTICLES.items() for link in (canonical, *links)}
    assert sorted(of_path.get(path, path) for path in paths) == sorted(DEMO_ARTICLES)


def test_up_again_makes_nothing_anew(system: ComposeProject) -> None:
    before = {name: found["Id"] for name, found in system.containers().items()}
    system.up(*DEMO)
    assert {name: found["Id"] for name, found in system.containers().items()} == before


@pytest.mark.parametrize("service", ["ingest", "enrich", "index", "redis", "elasticsearch"])
def test_a_killed_process_comes_back(system: ComposeProject, service: str) -> None:
    before = system.containers()[f"{service}-1"]["State"]["StartedAt"]
    # All processes of the container but its init, from inside: the engine may be on another machine.
    system.run("exec", "-T", service, "sh", "-c", "kill -9 -1")

    def back() -> bool:
        state = system.containers().get(f"{service}-1", {}).get("State", {})
        return state.get("StartedAt") != before and state.get("Health", {}).get("Status") == "healthy"

    eventually(back, 120, 1)


def test_more_replicas_lose_nothing(system: ComposeProject, push_key: Key, reader_key: Key) -> None:
    key, reader = push_key(), reader_key()
    before = system.count(reader, PUSHED)
    system(*DEMO, "up", "-d", "--wait", "--scale", "enrich=4", "--scale", "index=2", "--scale", "ingest=2")
    assert {"enrich-4", "index-2", "ingest-2"} <= set(system.containers())
    for number in range(20):
        assert system.push(key, f"scaled-{number}", f"Harvest number {number}.").status_code == 202
    system.up(*DEMO)  # back to one of each while articles are on their way
    assert not {"enrich-2", "index-2", "ingest-2"} & set(system.containers())
    eventually(lambda: system.count(reader, PUSHED) == before + 20, 120, 2)


@pytest.mark.parametrize("service", ["index", "enrich", "ingest"])
def test_a_service_is_replaced_while_articles_come(
    system: ComposeProject, push_key: Key, reader_key: Key, service: str
) -> None:
    key, reader = push_key(), reader_key()
    before = system.count(reader, PUSHED)
    replaced = threading.Thread(
        target=system, args=(*DEMO, "up", "-d", "--wait", "--no-deps", "--force-recreate", service)
    )
    replaced.start()
    number = 0
    while replaced.is_alive() or number < 10:
        eventually(partial(accepted, system, key, f"{service}-{number}"), 60, 0.5)
        number += 1
        time.sleep(0.5)
    replaced.join()
    eventually(lambda: system.count(reader, PUSHED) == before + number, 60, 2)


def accepted(system: ComposeProject, key: str, external_id: str) -> bool:
    """Whether a push was answered with 202; while ingest is replaced nobody answers, and the pusher asks again."""
    try:
        return system.push(key, external_id, f"A harvest called {external_id}.").status_code == 202
    except (httpx.HTTPError, AssertionError):
        return False


def test_what_is_told_to_stop_leaves_nothing_in_hand(
    system: ComposeProject, push_key: Key, reader_key: Key
) -> None:
    key, reader = push_key(), reader_key()
    before = system.count(reader, PUSHED)
    for number in range(20):
        assert system.push(key, f"stopped-{number}", f"A late harvest {number}.").status_code == 202
    system("stop", "enrich", "index")
    try:
        told = json.loads(system.operator("warta", "doctor", "streams", "--json"))["findings"]
    finally:
        system.up(*DEMO)
    says = {finding["check"]: finding["says"] for finding in told}
    assert ", 0 of them in work" in says["hop enrich"]
    assert ", 0 of them in work" in says["hop index"]
    eventually(lambda: system.count(reader, PUSHED) == before + 20, 60, 2)
