"""Programs of Prometheus' world, as Debian's packages bring them; skipped by name where they are absent."""

from __future__ import annotations

import os
import shutil

import pytest

PACKAGES = {
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "amtool": "prometheus-alertmanager",
    "prometheus-redis-exporter": "prometheus-redis-exporter",
    "prometheus-elasticsearch-exporter": "prometheus-elasticsearch-exporter",
}


def program(name: str) -> str:
    """Its path; skips the test where there is none, except in CI."""
    found = shutil.which(name)
    if found is None:
        reason = f"no {name} here (Debian, Ubuntu: apt install {PACKAGES[name]})"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return found
