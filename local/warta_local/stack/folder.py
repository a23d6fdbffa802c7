"""The folder of a stack: every path in it has its name here."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from warta_local.elasticsearch.place import wipe

PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class StackFolder:
    """Paths below `root`."""

    root: Path

    @property
    def lock(self) -> Path:
        """Held by the running supervisor."""
        return self.root / "lock"

    @property
    def record(self) -> Path:
        """What runs, written by the supervisor about once a second."""
        return self.root / "stack.json"

    @property
    def choices(self) -> Path:
        """Ports and engine, kept from one start to the next."""
        return self.root / "choices.json"

    @property
    def client_env(self) -> Path:
        """WARTA_* variables for the commands."""
        return self.root / "client.env"

    @property
    def secrets(self) -> Path:
        """A folder for each reader."""
        return self.root / "secrets"

    @property
    def redis(self) -> Path:
        """Redis' data."""
        return self.root / "redis"

    @property
    def elasticsearch(self) -> Path:
        """Elasticsearch's data; a link where root may not keep them here."""
        return self.root / "elasticsearch"

    @property
    def backups(self) -> Path:
        """What of a backup is not in Elasticsearch's own folder."""
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        """A file for each process."""
        return self.root / "logs"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Make what is missing; private, for there are secrets in it."""
        self.root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        self.logs.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)

    def wipe(self) -> None:
        """Remove all that a stack has put here, and nothing else."""
        wipe(self.elasticsearch)
        for folder in (self.redis, self.secrets, self.backups, self.logs):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.record, self.choices, self.client_env, self.lock):
            file.unlink(missing_ok=True)
        if not any(self.root.iterdir()):
            self.root.rmdir()
