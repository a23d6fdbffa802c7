"""A real Prometheus and real exporters on the running system, and what they answer."""

from __future__ import annotations

import math
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from fixtures_monitoring import program
from fixtures_stack import Running
from warta_local.processes.ports import free_port

ROOT = Path(__file__).parents[1]
Vector = list[tuple[dict[str, str], float]]


@dataclass(frozen=True)
class Prometheus:
    """Where it answers."""

    url: str

    def get(self, path: str, **parameters: str) -> Any:
        """The data of an answer of its API."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, trust_env=False, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def ask(self, expression: str) -> Vector:
        """What an expression is now, without what is not a number."""
        result = self.get("query", query=expression)["result"]
        found = [(one["metric"], float(one["value"][1])) for one in result]
        return [(labels, value) for labels, value in found if not math.isnan(value)]


@contextmanager
def monitored(running: Running, folder: Path) -> Iterator[Prometheus]:
    """The system with all that the profile `monitoring` asks, scraped every second."""
    secrets = Path(running.variables["WARTA_REDIS_PASSWORD_FILE"]).parents[1]
    ports = {name: free_port() for name in ("redis", "elasticsearch", "prometheus")}
    targets = {name: running.stack.urls[name].partition("//")[2] for name in ("ingest", "enrich", "index")}
    targets |= {name: f"127.0.0.1:{ports[name]}" for name in ("redis", "elasticsearch")}
    with ExitStack() as stack:
        stack.enter_context(_redis_exporter(running, secrets, ports["redis"], folder))
        stack.enter_context(_elasticsearch_exporter(running, secrets, ports["elasticsearch"], folder))
        stack.enter_context(_prometheus(targets, ports["prometheus"], folder))
        yield Prometheus(f"http://127.0.0.1:{ports['prometheus']}")


@contextmanager
def _redis_exporter(running: Running, secrets: Path, port: int, folder: Path) -> Iterator[None]:
    """With the arguments of the compose file, as the user that the ACL has for it."""
    environment = {
        "REDIS_ADDR": running.variables["WARTA_REDIS_URL"],
        "REDIS_USER": "redis-exporter",
        "REDIS_PASSWORD": (secrets / "redis-exporter" / "redis_password").read_text(),
        "REDIS_EXPORTER_CONFIG_COMMAND": "-",
    }
    command = [program("prometheus-redis-exporter"), f"-web.listen-address=127.0.0.1:{port}"]
    with _process(command, folder / "redis-exporter.log", environment):
        yield


@contextmanager
def _elasticsearch_exporter(running: Running, secrets: Path, port: int, folder: Path) -> Iterator[None]:
    command = [
        program("prometheus-elasticsearch-exporter"),
        f"--es.uri={running.variables['WARTA_ELASTICSEARCH_URL']}",
        "--es.indices",
        "--es.all",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    key = (secrets / "exporter" / "elasticsearch_api_key").read_text()
    with _process(command, folder / "elasticsearch-exporter.log", {"ES_API_KEY": key}):
        yield


@contextmanager
def _prometheus(targets: dict[str, str], port: int, folder: Path) -> Iterator[None]:
    config = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(ROOT / "deploy" / "prometheus" / "alerts.yml")],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in targets.items()
        ],
    }
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(config))
    command = [
        program("prometheus"),
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with _process(command, folder / "prometheus.log", {}):
        yield


@contextmanager
def _process(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[None]:
    own = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=own | environment, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)
