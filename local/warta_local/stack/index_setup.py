"""Templates, index, aliases, roles and keys: `warta setup` as a process, since it can be ended and has a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping

from warta_local.processes.child import Child, ProcessEnded, last_lines
from warta_local.stack.choices import Choices
from warta_local.stack.folder import StackFolder
from warta_local.stack.services import server_addresses, without_ours

SETUP = "from warta_index.cli.setup import app; app()"
SETUP_SECONDS = 180.0
# `warta setup` ends so when something needs a new version of the index: it works, but not all is as wished.
PARTLY = 4


def set_up_index(
    folder: StackFolder, choices: Choices, environment: Mapping[str, str], interrupted: Callable[[], bool]
) -> str:
    """Run it to its end; returns '' or a warning, raises ProcessEnded when it fails."""
    variables = {
        **without_ours(environment),
        **server_addresses(choices),
        "WARTA_ELASTICSEARCH_PASSWORD_FILE": str(folder.secrets / "setup" / "elastic_password"),
    }
    log = folder.log("setup")
    command = [sys.executable, "-c", SETUP, "--keys-dir", str(folder.secrets), "--json"]
    child = Child(command, log=log, env=variables)
    deadline = time.monotonic() + SETUP_SECONDS
    while child.exit_code is None:
        if interrupted() or time.monotonic() > deadline:
            child.kill()
        time.sleep(0.05)
    if child.exit_code == PARTLY:
        return f"the index is not quite as this release wants it: {log} says where"
    if child.exit_code:
        raise ProcessEnded(
            f"preparing Elasticsearch failed (code {child.exit_code}); the end of {log}:\n{last_lines(log)}"
        )
    return ""
