"""Docker's engine and compose, where they are on the path."""

from __future__ import annotations

import asyncio
import re
import shutil

from warta_shared.doctor.finding import Finding, graded, skipped, warn

OLDEST = {"engine": (20, 10), "compose": (2, 20)}
"""Older ones were not tried, and lack what docker-compose.yml uses."""
COMMANDS = {
    "engine": ("version", "--format", "{{.Server.Version}}"),
    "compose": ("compose", "version", "--short"),
}
PATIENCE_SECONDS = 10.0


async def examine() -> list[Finding]:
    """Both versions; skipped where there is no `docker`, as within a container."""
    if shutil.which("docker") is None:
        return [skipped("engine", "no docker here: inside a container, or without one")]
    return [version_finding(name, *await _told(*command)) for name, command in COMMANDS.items()]


def version_finding(name: str, told: str, refused: str) -> Finding:
    """What the command printed, and what it said on standard error where it failed."""
    found = re.match(r"v?(\d+)\.(\d+)", told)
    if not found:
        return warn(  # no failure: the servers that matter are asked by themselves, and may run without Docker
            name,
            (refused or told or "no version")[:200],
            "docker-compose.yml needs it: is the engine running, and may you use it?",
        )
    oldest = OLDEST[name]
    wanted = ".".join(map(str, oldest))
    return graded(
        name, told, f"Use {wanted} or newer.", fails=False, warns=tuple(map(int, found.groups())) < oldest
    )


async def _told(*command: str) -> tuple[str, str]:
    process = await asyncio.create_subprocess_exec(
        "docker", *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            output, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return "", f"no answer within {PATIENCE_SECONDS:.0f} s"
    return output.decode(errors="replace").strip(), errors.decode(errors="replace").strip()
