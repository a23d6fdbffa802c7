"""Secrets: where they are, where they are not, and that they can be changed. Runs after there was traffic."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from compose_project import DEMO, IMAGES, TAG, ComposeProject, docker

from waiting import eventually

pytestmark = pytest.mark.compose
Key = Callable[[], str]

# File -> the only user that can read it.
FILES = {
    "redis/users.acl": 999,
    "health/redis_password": 999,
    "elasticsearch/elastic_password": 1000,
    "setup/elastic_password": 10001,
    "ingest/redis_password": 10001,
    "ingest/push_keys": 10001,
    "enrich/redis_password": 10001,
    "index/redis_password": 10001,
    "index/elasticsearch_api_key": 10001,
    "operator/redis_password": 10001,
    "operator/push_key": 10001,
    "operator/elasticsearch_api_key": 10001,
    "exporter/elasticsearch_api_key": 10001,
    "redis-exporter/redis_password": 10001,
    "redis-exporter/passwords.json": 10001,
    "grafana/admin_password": 472,
    "grafana/secret_key": 472,
}


def in_secrets(system: ComposeProject, script: str) -> str:
    """What a script prints where all secrets are seen at once."""
    return system("run", "--rm", "-T", "--entrypoint", "sh", "secrets", "-c", f"cd /secrets && {script}")


def all_secrets(system: ComposeProject) -> dict[str, str]:
    """Every secret value by its file; of files with several lines every word that is long."""
    script = 'for f in */*; do while read -r line || [ -n "$line" ]; do echo "$f $line"; done < $f; done'
    found = {}
    for line in in_secrets(system, script).splitlines():
        file, *words = line.split()
        for word in words:
            value = word.rpartition(":")[2].lstrip("#").strip('"{}')
            if len(value) > 30 and value.replace("_", "").replace("-", "").rstrip("=").isalnum():
                found[f"{file} {len(found)}"] = value
    return found


def test_each_file_is_its_reader_s_alone(system: ComposeProject) -> None:
    lines = in_secrets(system, "stat -c '%n %a %u' */*; stat -c '%n/ %a %u' *").splitlines()
    told = {name: (mode, int(uid)) for name, mode, uid in (line.split() for line in lines)}
    folders = {f"{name.partition('/')[0]}/": ("700", uid) for name, uid in FILES.items()}
    assert told == {name: ("400", uid) for name, uid in FILES.items()} | folders


def test_no_secret_is_in_configurations_logs_or_images(system: ComposeProject) -> None:
    secrets = all_secrets(system)
    assert {name.split()[0] for name in secrets} == set(FILES)
    images = [f"{image}:{TAG}" for image in IMAGES]
    places = {
        "inspect": json.dumps(system.containers(ended=True)),
        "logs": system(*DEMO, "logs", "--no-color"),
        "images": docker("inspect", *images)
        + "".join(docker("history", "--no-trunc", image) for image in images),
    }
    assert "COMPOSE" not in places["logs"] or "published" in places["logs"]
    for place, text in places.items():
        assert text
        assert [name for name, value in secrets.items() if value in text] == [], place


def test_rotation_changes_all_and_loses_nothing(
    system: ComposeProject, push_key: Key, reader_key: Key
) -> None:
    old_push, old_reader, old = push_key(), reader_key(), all_secrets(system)
    assert system.push(old_push, "before-rotation", "Before the change.").status_code == 202

    system("run", "--rm", "-T", "secrets", "--rotate")
    system("run", "--rm", "-T", "setup", "--rotate-keys")
    system("restart", "redis", "ingest", "enrich", "index")
    system.up(*DEMO)

    kept = set(old.values()) & set(all_secrets(system).values())
    assert {name.split("/")[1].split()[0] for name, value in old.items() if value in kept} == {
        "elastic_password",
        "admin_password",
        "secret_key",
    }
    key = push_key()
    assert system.push(old_push, "after-rotation", "After the change.").status_code == 401
    assert system.push(key, "after-rotation", "After the change.").status_code == 202
    assert system.search(old_reader, {"match_all": {}}).status_code == 401
    # By source too: an article of the newsroom speaks of a change as well.
    ours = [{"match_phrase": {"body": "the change"}}, {"term": {"source.id": "COMPOSE"}}]
    reader, both = reader_key(), {"bool": {"filter": ours}}
    eventually(lambda: system.count(reader, both) == 2, 60, 1)
