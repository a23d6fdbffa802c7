"""Make what is missing: a folder for each reader, so that a service sees its own secrets and no others."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from warta_shared.secrets.push_keys import key_line, new_push_key
from warta_shared.secrets.redis_acl import EXPORTER, USERS, acl_file

READERS = ("redis", "elasticsearch", "setup", *USERS, "exporter", "grafana")
PRIVATE_FILE = 0o400
PRIVATE_FOLDER = 0o700
OPERATOR = "operator"
# redis_exporter finds its password by its user and by the address where the compose file has Redis.
EXPORTER_ADDRESS = f"redis://{EXPORTER}@redis:6379"


def write_secrets(
    root: Path, *, rotate: bool = False, owners: dict[str, int] | None = None, fsync_ack: bool = False
) -> list[Path]:
    """Write the secrets that are missing (all of them with `rotate`); returns the files that were written.

    What follows from a secret (the ACL file, the copies, the push keys' digests) is written whenever it does
    not agree with it, so that a run that was cut off is mended by the next. The passwords of Elasticsearch and
    of Grafana are kept on `rotate`: these servers have them in stores of their own from the first start on.
    `owners` gives the numeric user of a reader's folder, where we may give files away (root). `fsync_ack`: as in
    redis_acl.py.
    """
    store = _Store(root, owners or {})
    passwords = {user: store.secret(user, "redis_password", _password, rotate) for user in USERS}
    store.agree("redis", "users.acl", acl_file(passwords, fsync_ack=fsync_ack))
    elastic = store.secret("elasticsearch", "elastic_password", _password, rotate=False)
    store.agree("setup", "elastic_password", elastic)
    store.agree(EXPORTER, "passwords.json", json.dumps({EXPORTER_ADDRESS: passwords[EXPORTER]}))
    for name in ("admin_password", "secret_key"):
        store.secret("grafana", name, _password, rotate=False)
    push_key = store.secret(OPERATOR, "push_key", new_push_key, rotate)
    others = [line for line in store.lines("ingest", "push_keys") if not line.startswith(f"{OPERATOR}:")]
    store.agree(
        "ingest", "push_keys", "".join(f"{line}\n" for line in [key_line(OPERATOR, push_key), *others])
    )
    for reader, owner in (owners or {}).items():
        _give_folder(root / reader, owner)  # also one whose secrets come later, from others
    return store.written


@dataclass
class _Store:
    """The folders; `written` grows with each file that was not as it should be."""

    root: Path
    owners: dict[str, int]
    written: list[Path] = field(default_factory=list)

    def secret(self, reader: str, name: str, make: Callable[[], str], rotate: bool) -> str:
        """The secret as it is, made anew if it is missing, empty or to be rotated."""
        text = "" if rotate else self._text(reader, name)
        if not text:
            text = make()
            self._write(reader, name, text)
        return text

    def agree(self, reader: str, name: str, text: str) -> None:
        """Write what follows from a secret, unless it says just that."""
        if self._text(reader, name) != text:
            self._write(reader, name, text)

    def lines(self, reader: str, name: str) -> list[str]:
        """The lines of a file that has any."""
        return self._text(reader, name).splitlines()

    def _text(self, reader: str, name: str) -> str:
        path = self.root / reader / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _write(self, reader: str, name: str, text: str) -> None:
        path = self.root / reader / name
        _replace(path, text, self.owners.get(reader))
        self.written.append(path)


def _password() -> str:
    return secrets.token_urlsafe(32)


def _give_folder(folder: Path, owner: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    os.chown(folder, owner, -1)


def _replace(path: Path, text: str, owner: int | None) -> None:
    """Replace at once and for good, so that neither a reader nor a power cut ever sees half a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(PRIVATE_FOLDER)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if owner is not None:
            # By descriptor: the folder's owner could put another file under this name.
            os.fchown(file.fileno(), owner, -1)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    if owner is not None:
        os.chown(path.parent, owner, -1, follow_symlinks=False)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
