"""The program `warta` as a person calls it: in this process, or as one of its own where that is what is tested."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from unittest.mock import patch

from typer.testing import CliRunner

from warta_shared.cli.main import app

WARTA = (sys.executable, "-c", "from warta_shared.cli.main import run; run()")


def warta_process(
    environment: Mapping[str, str], *arguments: str, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """What it ended with, whatever that is, within so many seconds."""
    return subprocess.run(
        [*WARTA, *arguments], env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


def run_warta(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same without the second that a new process needs to import everything."""
    with patch.dict(os.environ, environment, clear=True):
        done = CliRunner().invoke(app, arguments, prog_name="warta")
    broke = done.exception if not isinstance(done.exception, SystemExit) else None
    trace = "".join(traceback.format_exception(broke)) if broke else ""
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr + trace)
