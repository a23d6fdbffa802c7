"""Which release runs."""

from __future__ import annotations

import platform
from importlib.metadata import version

from warta_shared.telemetry import metrics


def tell_build(service: str) -> None:
    """Show the release of this service, and Python's."""
    metrics.BUILD.labels(service, version("warta-shared"), platform.python_version()).set(1)
