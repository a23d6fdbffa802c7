"""Make what is missing: a folder for each reader, so that a service sees its own secrets and no others."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from warta_shared.secrets.push_keys import key_line, new_push_key
from warta_shared.secrets.redis_acl import USERS, acl_file

READERS = ("redis", "elasticsearch", "setup", *USERS, "exporter")
PRIVATE_FILE = 0o400
PRIVATE_FOLDER = 0o700


def write_secrets(root: Path, *, rotate: bool = False, owners: dict[str, int] | None = None) -> list[Path]:
    """Write the secrets that are missing (all of them with `rotate`); returns the files that were written.

    Elasticsearch's own password is kept on `rotate`: the server has it in its security index from the first
    start on. `owners` gives the numeric user of a reader's folder, where we may give files away (root).
    """
    written: list[Path] = []

    def keep_or_make(reader: str, name: str, make: Callable[[], str], *, fresh: bool = rotate) -> str:
        path = root / reader / name
        if path.exists() and not fresh:
            return path.read_text(encoding="utf-8")
        _write(path, make(), (owners or {}).get(reader))
        written.append(path)
        return path.read_text(encoding="utf-8")

    passwords = {
        user: keep_or_make(user, "redis_password", lambda: secrets.token_urlsafe(32)) for user in USERS
    }
    keep_or_make("redis", "users.acl", lambda: acl_file(passwords), fresh=bool(written))
    elastic = keep_or_make(
        "elasticsearch", "elastic_password", lambda: secrets.token_urlsafe(32), fresh=False
    )
    keep_or_make("setup", "elastic_password", lambda: elastic, fresh=False)
    push_key = keep_or_make("operator", "push_key", new_push_key)
    keep_or_make("ingest", "push_keys", lambda: key_line("operator", push_key) + "\n")
    return written


def _write(path: Path, text: str, owner: int | None) -> None:
    """Replace at once, so that no reader ever sees half a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(PRIVATE_FOLDER)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if owner is not None:
        os.chown(fresh, owner, -1)
        os.chown(path.parent, owner, -1)
    fresh.replace(path)
