"""The file while it is written: beside it, a page at a time, so that a killed run goes on behind the last page."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import orjson

LEVEL = 6


@dataclass(slots=True)
class Done:
    """`asked`: what the run was asked; `after`: the last id; `size`: bytes of the part that are whole."""

    asked: str
    after: str = ""
    articles: int = 0
    size: int = 0


class Part:
    """`FILE.part` and, of how far it is, `FILE.part.json`. A gzip file is one member a page (RFC 1952)."""

    def __init__(self, path: Path, asked: str, *, again: bool = False) -> None:
        self.path = path
        self._part = path.with_name(f"{path.name}.part")
        self._state = path.with_name(f"{path.name}.part.json")
        self.done = Done(asked) if again else self._found(asked)
        self._file: IO[bytes] = self._part.open("r+b" if self.done.size else "wb")
        self._file.truncate(self.done.size)
        self._file.seek(self.done.size)

    def add(self, content: bytes, articles: int, after: str) -> None:
        """A page more, on the disk before it counts."""
        packed = gzip.compress(content, LEVEL) if self.path.suffix == ".gz" else content
        self._file.write(packed)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.done.size += len(packed)
        self.done.articles += articles
        self.done.after = after
        self._state.write_bytes(orjson.dumps(asdict(self.done)))

    def finish(self, convert: Callable[[Path, Path], None] | None = None) -> None:
        """Give the file its name; with `convert` (from, to) what it makes of the part.

        Where that is killed the part stays, and the next run begins it again.
        """
        self._file.close()
        if convert:
            made = self.path.with_name(f"{self.path.name}.made")
            convert(self._part, made)
            with made.open("rb+") as file:
                os.fsync(file.fileno())
            made.replace(self.path)
            self._part.unlink()
        else:
            self._part.replace(self.path)
        self._state.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the part as it is."""
        self._file.close()

    def _found(self, asked: str) -> Done:
        """What an earlier run left, where it was asked the same and its part is there."""
        try:
            found = Done(**orjson.loads(self._state.read_bytes()))
            whole = self._part.stat().st_size >= found.size
        except (OSError, ValueError, TypeError):
            return Done(asked)
        return found if whole and found.asked == asked else Done(asked)
