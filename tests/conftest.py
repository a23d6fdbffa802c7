"""What every test may use; servers come from fixtures_servers.py, the whole system from fixtures_stack.py."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["fixtures_servers", "fixtures_stack"]

TESTS = Path(__file__).parent
# Folders whose tests share servers that take long to start; the first name is that of a worker's share.
SHARES = {
    "whole system": ("whole", "faults", "integration/local"),
    "servers": ("integration",),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each share goes to one worker as a whole, so that servers start once; of the rest each file by itself."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_share(item.path.relative_to(TESTS).as_posix())))


def _share(file: str) -> str:
    found = (
        name for name, folders in SHARES.items() if any(file.startswith(f"{folder}/") for folder in folders)
    )
    return next(found, file)
