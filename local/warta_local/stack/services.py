"""The three services as programs of the stack: the same modules that the images run."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from warta_local.processes.child import Child
from warta_local.processes.ports import LOOPBACK
from warta_local.stack.choices import Choices
from warta_local.stack.folder import StackFolder
from warta_local.supervisor import Program, http_problem

SERVICES = ("ingest", "enrich", "index")
# Ours to say: a variable of the user's shell that names another server must not reach the services.
OURS = ("WARTA_REDIS_", "WARTA_ELASTICSEARCH_", "WARTA_HTTP_", "WARTA_PUSH_KEY", "WARTA_INGEST_URL")


def service_program(
    name: str, folder: StackFolder, choices: Choices, environment: Mapping[str, str]
) -> Program:
    """`python -m warta_NAME` with its own user, its own secrets and its own port."""
    port = choices.ports[name]
    variables = service_variables(name, folder, choices, environment)

    def begin() -> Child:
        return Child([sys.executable, "-m", f"warta_{name}"], log=folder.log(name), env=variables)

    return Program(name, port, begin, lambda: http_problem(port))


def service_variables(
    name: str, folder: StackFolder, choices: Choices, environment: Mapping[str, str]
) -> dict[str, str]:
    """The whole environment of a service."""
    return {
        **without_ours(environment),
        **server_addresses(choices),
        **_secrets(name, folder),
        "WARTA_HTTP_HOST": LOOPBACK,
        "WARTA_HTTP_PORT": str(choices.ports[name]),
    }


def server_addresses(choices: Choices) -> dict[str, str]:
    """Where Redis and Elasticsearch are."""
    return {
        "WARTA_REDIS_URL": f"redis://{LOOPBACK}:{choices.ports['redis']}",
        "WARTA_ELASTICSEARCH_URL": f"http://{LOOPBACK}:{choices.ports['elasticsearch']}",
    }


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that the stack does not set itself."""
    return {name: value for name, value in environment.items() if not name.startswith(OURS)}


def _secrets(name: str, folder: StackFolder) -> dict[str, str]:
    own = folder.secrets / name
    variables = {"WARTA_REDIS_USERNAME": name, "WARTA_REDIS_PASSWORD_FILE": str(own / "redis_password")}
    if name == "ingest":
        variables["WARTA_PUSH_KEYS_FILE"] = str(own / "push_keys")
    if name == "index":
        variables["WARTA_ELASTICSEARCH_API_KEY_FILE"] = str(own / "elasticsearch_api_key")
    return variables
