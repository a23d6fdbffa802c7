"""The program `warta` as a person calls it: a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

WARTA = (sys.executable, "-c", "from warta_shared.cli.main import run; run()")


def run_warta(
    environment: Mapping[str, str], *arguments: str, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """What it ended with, whatever that is, within so many seconds."""
    return subprocess.run(
        [*WARTA, *arguments], env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )
