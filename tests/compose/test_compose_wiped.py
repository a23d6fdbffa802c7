"""The last of this folder by its name: stop without anything left in the streams, then `down -v`."""

from __future__ import annotations

import pytest
from compose_project import DEMO, IMAGES, PROJECT, TAG, ComposeProject, docker

pytestmark = pytest.mark.compose
OF_PROJECT = ("--filter", f"label=com.docker.compose.project={PROJECT}")


def test_services_stop_by_themselves(system: ComposeProject) -> None:
    system("stop", "ingest", "enrich", "index")
    for name, container in system.containers(ended=True).items():
        if name.startswith(("ingest", "enrich", "index")):
            assert container["State"]["ExitCode"] == 0, name


def test_down_leaves_nothing(system: ComposeProject) -> None:
    system(*DEMO, "--profile", "*", "down", "-v")
    assert docker("ps", "-aq", *OF_PROJECT) == ""
    assert docker("volume", "ls", "-q", *OF_PROJECT) == ""
    assert docker("network", "ls", "-q", *OF_PROJECT) == ""
    docker("image", "rm", *(f"{image}:{TAG}" for image in IMAGES))
