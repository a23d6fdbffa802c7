"""Is there room? Better said before the start than by a server that dies of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil

from warta_local.errors import LocalError

MEGABYTE = 1_000_000
# Beyond its heap a server takes about this much (measured: 740 MB in all with a heap of 512 MB), with reserve.
BEYOND_HEAP_MEGABYTES = 700
DATA_MEGABYTES = 2_000
CGROUP = Path("/sys/fs/cgroup")


class NotEnoughRoom(LocalError):
    """Too little disk or memory; the message says how much is missing and what to do."""


def require_disk(folder: Path, megabytes: int, purpose: str) -> None:
    """Raise NotEnoughRoom unless the disk of `folder` has so much left."""
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        raise NotEnoughRoom(
            f"{purpose} needs {megabytes} MB of disk, and {folder} has {free} MB left: "
            "make room or choose another folder"
        )


def require_memory(heap_megabytes: int) -> None:
    """Raise NotEnoughRoom unless a server with such a heap fits into what is available now."""
    needed = heap_megabytes + BEYOND_HEAP_MEGABYTES
    available = available_memory() // MEGABYTE
    if available < needed:
        raise NotEnoughRoom(
            f"Elasticsearch needs {needed} MB of memory, and {available} MB are available: "
            "end other programs, or give this machine or container more"
        )


def available_memory(cgroup: Path = CGROUP) -> int:
    """Bytes that may still be taken: of the machine, and of the container that we may run in (cgroup v2)."""
    available = int(psutil.virtual_memory().available)
    try:
        limit = (cgroup / "memory.max").read_text(encoding="ascii").strip()
        used = int((cgroup / "memory.current").read_text(encoding="ascii"))
        reclaimable = _inactive_file_cache(cgroup / "memory.stat")
    except (OSError, ValueError):
        return available
    return available if limit == "max" else min(available, int(limit) - used + reclaimable)


def _inactive_file_cache(statistics: Path) -> int:
    """The kernel gives these pages back when memory is asked for."""
    for line in statistics.read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(" ")
        if name == "inactive_file":
            return int(value)
    return 0
