"""client.env: what a person's commands need to reach the stack, and nothing of the services' own."""

from __future__ import annotations

from collections.abc import Mapping

from warta_local.processes.ports import LOOPBACK
from warta_local.stack.choices import Choices
from warta_local.stack.folder import StackFolder
from warta_local.stack.record import write_private
from warta_local.stack.services import server_addresses

READER = "operator"
# What commands must know as the services do, to find the same streams.
SHARED = ("WARTA_PARTITIONS",)


def client_variables(folder: StackFolder, choices: Choices, environment: Mapping[str, str]) -> dict[str, str]:
    """WARTA_* variables; secrets by the name of their file only. `environment`: that of the services."""
    own = folder.secrets.resolve() / READER
    return {
        **{name: environment[name] for name in SHARED if name in environment},
        **server_addresses(choices),
        "WARTA_REDIS_USERNAME": READER,
        "WARTA_REDIS_PASSWORD_FILE": str(own / "redis_password"),
        "WARTA_ELASTICSEARCH_API_KEY_FILE": str(own / "elasticsearch_api_key"),
        # What `warta setup`, `warta backup` and `warta restore` need besides.
        "WARTA_ELASTICSEARCH_PASSWORD_FILE": str(folder.secrets.resolve() / "setup" / "elastic_password"),
        "WARTA_BACKUP_FOLDER": str(folder.backups.resolve()),
        "WARTA_INGEST_URL": f"http://{LOOPBACK}:{choices.ports['ingest']}",
        "WARTA_PUSH_KEY_FILE": str(own / "push_key"),
    }


def write_client_env(folder: StackFolder, variables: Mapping[str, str]) -> None:
    """One assignment a line, for python-dotenv and for a shell alike."""
    text = "".join(f"{name}='{value}'\n" for name, value in variables.items())
    write_private(folder.client_env, text)
