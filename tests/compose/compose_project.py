"""The compose file under a project name, ports and image tag of its own: a deployment beside it is not touched."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
PROJECT = "warta-compose-test"
TAG = "compose-test"
DEMO = ("--env-file", "deploy/demo.env")
STANDING = ("redis", "elasticsearch", "ingest", "enrich", "index")
# Of these every image has its stand-in where there is no registry; Grafana is tried where its image is.
WATCHING = ("redis-exporter", "elasticsearch-exporter", "prometheus", "alertmanager")
IMAGES = ("warta-operator", "warta-ingest", "warta-enrich", "warta-index")
SECONDS = 900


OWN_NAMES = "id\tkind\tname\thome\taliases\norg:maju-jaya\torganisation\tPT Maju Jaya Kencana\tID\tMajuJaya\n"


class ComposeProject:
    """`docker compose` for the tests; `config` is the folder that ingest sees as /etc/warta, in its `tables` are an
    operator's names.
    """

    def __init__(self, config: Path) -> None:
        # What the caller has set for the real deployment, and its .env, must not reach this one.
        own = {name: value for name, value in os.environ.items() if not name.startswith("WARTA_")}
        self._environment = own | {
            "COMPOSE_PROJECT_NAME": PROJECT,
            "COMPOSE_DISABLE_ENV_FILE": "1",
            "WARTA_CONFIG": str(config),
            "WARTA_TABLES": str(config / "tables"),
            "WARTA_TAG": TAG,
            "WARTA_PUSH_PORTS": "0",
            "ELASTICSEARCH_PORT": "0",
        }

    def environment(self) -> dict[str, str]:
        """In which `docker compose` speaks of this project."""
        return dict(self._environment)

    def run(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """`docker compose ARGUMENTS`, whatever it ends in."""
        return subprocess.run(
            ["docker", "compose", *arguments],
            cwd=ROOT,
            env=self._environment,
            input=given if given is not None else "",
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def __call__(self, *arguments: str, given: str | None = None) -> str:
        """The standard output of a command that must work."""
        done = self.run(*arguments, given=given)
        assert done.returncode == 0, f"{arguments}: {done.stderr[-3_000:]}"
        return done.stdout

    def up(self, *arguments: str) -> None:
        """As an operator does it; after the demo with its settings, so that nothing is made anew."""
        self(*arguments, "up", "-d", "--wait")

    def wipe(self) -> None:
        """Everything but the images."""
        self(*DEMO, "--profile", "*", "down", "-v", "--remove-orphans", "--timeout", "20")

    def operator(self, *command: str, service: str = "operator") -> str:
        """What a command of the operator's container, or of `admin`, prints."""
        return self("run", "--rm", "-T", service, *command).strip()

    def exec(self, service: str, *command: str) -> str:
        """What a command inside a running container prints."""
        return self("exec", "-T", service, *command).strip()

    def containers(self, *, ended: bool = False) -> dict[str, dict[str, Any]]:
        """`docker inspect` by container name without the project's; with `ended` also one-shot containers."""
        ids = self("ps", "-q", *(["--all"] if ended else [])).split()
        inspected = json.loads(docker("inspect", *ids))
        return {found["Name"].removeprefix(f"/{PROJECT}-"): found for found in inspected}

    def address(self, service: str, port: int) -> str:
        """Where a published port is."""
        return "http://" + self("port", service, str(port)).strip()

    def push(self, key: str, external_id: str, body: str) -> httpx.Response:
        """Push one article of the source COMPOSE."""
        article = {"external_id": external_id, "title": "Pushed", "body": body, "source": "COMPOSE"}
        return httpx.post(
            self.address("ingest", 8080) + "/v1/articles",
            json=article,
            headers={"authorization": f"Bearer {key}"},
            timeout=20,
        )

    def search(self, key: str, query: dict[str, Any]) -> httpx.Response:
        """Ask Elasticsearch as an app does: the published port, the key that may only read."""
        return httpx.post(
            self.address("elasticsearch", 9200) + "/articles/_search",
            json={"size": 1_000, "query": query, "_source": ["url"], "track_total_hits": True},
            headers={"authorization": f"ApiKey {key}"},
            timeout=20,
        )

    def urls(self, key: str, query: dict[str, Any]) -> list[str]:
        """The URLs of the articles that answer a query, sorted."""
        hits = self.search(key, query).raise_for_status().json()["hits"]["hits"]
        return sorted(hit["_source"].get("url") or hit["_id"] for hit in hits)

    def count(self, key: str, query: dict[str, Any]) -> int:
        """How many articles answer a query."""
        return int(self.search(key, query).raise_for_status().json()["hits"]["total"]["value"])


def docker(*arguments: str) -> str:
    """The standard output of a `docker` command that must work."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{arguments}: {done.stderr[-3_000:]}"
    return done.stdout
