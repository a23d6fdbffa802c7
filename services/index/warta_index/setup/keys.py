"""API keys, one for each reader, each in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from warta_index.connection import Connection
from warta_index.credentials import of_key
from warta_index.settings import ElasticsearchSettings
from warta_index.setup.difference import differences
from warta_index.setup.part import MISSING, SetupError, change, expect
from warta_index.setup.resource import privileges

FILE_NAME = "elasticsearch_api_key"
FILE_MODE = 0o400
ROTATION = "rotation asked for"
REFUSED = "Elasticsearch refuses the key in the file"


class ApiKey:
    """The key of one reader: kept while it is good, made anew when it is missing, refused or to be rotated."""

    kind = "API key"

    def __init__(
        self,
        reader: str,
        role: dict[str, Any],
        folder: Path,
        settings: ElasticsearchSettings,
        *,
        rotate: bool,
    ) -> None:
        self.name = f"warta-{reader}"
        self._role = role
        self._file = folder / reader / FILE_NAME
        self._settings = settings
        self._rotate = rotate

    async def differences(self, connection: Connection) -> list[str]:
        """Whether the file is there, private, and holds a key with exactly the wanted privileges."""
        if self._rotate:
            return [ROTATION]
        if not self._file.is_file():
            return [MISSING]
        key_id = await self._key_id()
        if key_id is None:
            return [REFUSED]
        mode = self._file.stat().st_mode & 0o777
        found = [] if mode == FILE_MODE else [f"{self._file}: wanted mode {FILE_MODE:o}, found {mode:o}"]
        answer = await change(connection, "GET", f"/_security/api_key?id={key_id}")
        held = answer["api_keys"][0]["role_descriptors"].get("warta", {})
        return found + differences(self._role, privileges(held), path="privileges")

    async def apply(self, connection: Connection) -> None:
        """Mend a good key in place, so that who uses it goes on; otherwise make another."""
        key_id = None if self._rotate else await self._key_id()
        if key_id is not None:
            await change(connection, "PUT", f"/_security/api_key/{key_id}", self._descriptors())
            self._file.chmod(FILE_MODE)
            return
        made = await change(
            connection, "POST", "/_security/api_key?refresh=true", {"name": self.name, **self._descriptors()}
        )
        _write_private(self._file, made["encoded"])
        if self._rotate:
            await self._invalidate_others(connection, made["id"])
            self._rotate = False

    def _descriptors(self) -> dict[str, Any]:
        return {"role_descriptors": {"warta": self._role}, "metadata": {"managed_by": "warta"}}

    async def _key_id(self) -> str | None:
        """The id of the key in the file, when it is good and ours."""
        if not self._file.is_file():
            return None
        encoded = self._file.read_text(encoding="utf-8").strip()
        async with Connection(self._settings, of_key(encoded)) as as_reader:
            reply = await as_reader.ask("GET", "/_security/_authenticate")
        if reply.status == 401:
            return None
        found = expect(reply, "check an API key").json().get("api_key", {})
        return str(found["id"]) if found.get("name") == self.name else None

    async def _invalidate_others(self, connection: Connection, kept: str) -> None:
        answer = await change(connection, "GET", f"/_security/api_key?name={self.name}")
        others = [key["id"] for key in answer["api_keys"] if key["id"] != kept and not key["invalidated"]]
        if others:
            await change(connection, "DELETE", "/_security/api_key", {"ids": others})


def _write_private(file: Path, text: str) -> None:
    """Whole or not at all, never readable by others, and the property of whoever owns the reader's folder."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if os.geteuid() == 0:
            os.chown(draft, file.parent.stat().st_uid, -1)
        draft.replace(file)
    except OSError as error:
        raise SetupError(f"could not write the key file {file}: {error.strerror}") from error
