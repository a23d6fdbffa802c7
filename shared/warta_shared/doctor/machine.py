"""The machine: memory, disk, and what Elasticsearch asks of the kernel."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from warta_shared.cli.client_env import local_dir
from warta_shared.doctor.finding import Finding, by_watermarks, graded, ok, skipped, warn

GIB = 1024**3
MEMORY_WANTED = 3.7 * GIB
"""A machine sold as 4 GB shows this much."""
MAX_MAP_COUNT = 262_144
"""https://www.elastic.co/docs/deploy-manage/deploy/self-managed/vm-max-map-count"""
FOLDER_VARIABLES = ("WARTA_BACKUP_FOLDER", "WARTA_ARCHIVE_FOLDER")


async def examine() -> list[Finding]:
    """Linux tells all of it; on other systems some is skipped."""
    return [_memory(), _map_count(), *(_disk(folder) for folder in _folders())]


def memory_finding(total: int, available: int) -> Finding:
    """Bytes of the whole machine, and those that a new process could have."""
    says = f"{total / GIB:.1f} GiB, {available / GIB:.1f} GiB of it available"
    if total < MEMORY_WANTED:
        return warn(
            "memory", says, "The default limits are made for 4 GB: lower *_MEMORY in .env, or add memory."
        )
    return graded(
        "memory",
        says,
        "Find what uses it, or lower *_MEMORY in .env.",
        fails=False,
        warns=available < total / 20,
    )


def disk_finding(folder: Path, total: int, free: int) -> Finding:
    """Bytes of the disk that a folder lies on."""
    used = 1 - free / total
    says = f"{folder}: {free / GIB:.1f} GiB free, {used:.0%} used"
    advice = "Free space, or move the data: Elasticsearch stops writing at 95 %."
    return by_watermarks("disk", says, advice, used)


def map_count_finding(number: int) -> Finding:
    """The kernel's limit of mapped regions in a process."""
    return graded(
        "vm.max_map_count",
        str(number),
        f"sysctl -w vm.max_map_count={MAX_MAP_COUNT} (and in /etc/sysctl.conf): Elasticsearch may end without it.",
        fails=False,
        warns=number < MAX_MAP_COUNT,
    )


def _memory() -> Finding:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return ok("memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIB:.1f} GiB")
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines}
    return memory_finding(sizes["MemTotal"], sizes.get("MemAvailable", sizes["MemFree"]))


def _map_count() -> Finding:
    try:
        return map_count_finding(int(Path("/proc/sys/vm/max_map_count").read_text(encoding="ascii")))
    except OSError:
        return skipped("vm.max_map_count", "only Linux has it")


def _folders() -> list[Path]:
    """Where data lies, as far as it can be seen from here."""
    named = [Path(os.environ[name]) for name in FOLDER_VARIABLES if os.environ.get(name)]
    return [folder for folder in (*named, local_dir(), Path("/")) if folder.is_dir()]


def _disk(folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    return disk_finding(folder, usage.total, usage.free)
