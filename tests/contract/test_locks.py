"""The lock files say what the projects ask for, with hashes and without any address."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECTS = {path.parent.name: path for path in ROOT.glob("**/pyproject.toml") if ".venv" not in path.parts}
LOCKS = {
    "ingest": ROOT / "services/ingest/requirements.txt",
    "enrich": ROOT / "services/enrich/requirements.txt",
    "spacy": ROOT / "services/enrich/spacy-requirements.txt",
    "index": ROOT / "services/index/requirements.txt",
    "parquet": ROOT / "services/index/parquet-requirements.txt",
    "local": ROOT / "local/requirements.txt",
    "tests": ROOT / "tests/requirements.txt",
}
UNLOCKED = {"transformers", "gliner"}  # their torch takes gigabytes
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    return {canonicalize_name(found["name"]): found["version"] for found in PIN.finditer(lock.read_text())}


def declared(project: str, seen: frozenset[str] = frozenset()) -> Iterator[Requirement]:
    """What a project needs, those of our own projects that it stands on included."""
    settings = tomllib.loads(PROJECTS[project].read_text())["project"]
    extras = settings.get("optional-dependencies", {})
    # `build` makes the local stack's editable projects; other extras (training) are in the tests' lock alone.
    for text in [*settings["dependencies"], *extras.get("build", ())]:
        requirement = Requirement(text)
        if requirement.name.startswith("warta-"):
            inner = requirement.name.removeprefix("warta-")
            if inner not in seen:
                yield from declared(inner, seen | {inner})
        elif requirement.marker is None or requirement.marker.evaluate({"sys_platform": "linux"}):
            yield requirement


def development() -> list[Requirement]:
    return [
        Requirement(text)
        for text in tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["dev"]
    ]


def extras() -> list[Requirement]:
    projects = (tomllib.loads(file.read_text()).get("project", {}) for file in PROJECTS.values())
    groups = (group for project in projects for group in project.get("optional-dependencies", {}).items())
    return [Requirement(text) for extra, lines in groups if extra not in UNLOCKED for text in lines]


@pytest.mark.parametrize("project", ["ingest", "enrich", "index", "local"])
def test_a_lock_satisfies_its_project(project: str) -> None:
    locked = pins(LOCKS[project])
    for requirement in declared(project):
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in the lock: run `make lock`"
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement} is locked to {version}"
        )


def test_the_test_lock_holds_everything_and_agrees_with_the_others() -> None:
    everything = pins(LOCKS["tests"])
    for requirement in [*development(), *extras()]:
        assert requirement.specifier.contains(
            everything[canonicalize_name(requirement.name)], prereleases=True
        )
    for name in ("ingest", "enrich", "spacy", "index", "parquet", "local"):
        for package, version in pins(LOCKS[name]).items():
            assert everything.get(package) == version, f"{package} differs between the locks: run `make lock`"


def test_only_the_operators_image_has_what_parquet_takes() -> None:
    assert "pyarrow" in pins(LOCKS["parquet"])
    assert not any("pyarrow" in pins(LOCKS[name]) for name in ("ingest", "enrich", "index", "local"))


def test_only_who_asks_for_spacy_gets_it_and_nobody_gets_torch() -> None:
    assert "spacy" in pins(LOCKS["spacy"])
    assert not any("spacy" in pins(LOCKS[name]) for name in ("ingest", "enrich", "index", "local"))
    assert not any("torch" in pins(lock) for lock in LOCKS.values())


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = LOCKS[name].read_text()
    assert "://" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(blocks) > 20
    for block in blocks:
        assert PIN.match(block), block[:80]
        assert "--hash=sha256:" in block, block[:80]
