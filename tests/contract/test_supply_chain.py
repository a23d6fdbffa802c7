"""The list of parts names every locked dependency, and advisories are matched as OSV has it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from supply_chain.advisories import Hit, hits, locked, within

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "services").rglob("*requirements.txt"))


@pytest.fixture(scope="module")
def boms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sbom")
    done = subprocess.run(
        ["make", "--no-print-directory", "sbom", f"SBOM={folder}"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("service", ["ingest", "enrich", "index"])
def test_the_list_of_parts_is_complete(service: str, boms: Path) -> None:
    bom = json.loads((boms / f"{service}.cdx.json").read_text())
    assert bom["bomFormat"] == "CycloneDX"
    parts = [(part["name"], part["version"]) for part in bom["components"]]
    assert sorted(parts) == sorted(locked(ROOT / f"services/{service}/requirements.txt"))
    assert all(part["purl"].startswith("pkg:pypi/") for part in bom["components"])


def test_every_line_of_a_lock_is_read() -> None:
    for lock in LOCKS:
        assert len(locked(lock)) == sum(
            "--hash" not in line and "==" in line for line in lock.read_text().splitlines()
        ), lock


ADVISORY = {
    "id": "PYSEC-1",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Some_Package"},
            "ranges": [
                {"type": "GIT", "events": [{"introduced": "0"}]},
                {
                    "type": "ECOSYSTEM",
                    "events": [
                        {"introduced": "0"},
                        {"fixed": "1.2"},
                        {"introduced": "2.0"},
                        {"fixed": "2.1"},
                    ],
                },
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("version", "affected"),
    [("1.1", True), ("1.2", False), ("1.10", False), ("2.0", True), ("2.0.5", True), ("2.1", False)],
)
def test_versions_in_ranges(version: str, affected: bool) -> None:
    found = list(hits(ADVISORY, {"some-package": {version}, "other": {"1.0"}}))
    assert found == ([Hit("some-package", version, "PYSEC-1", ("1.2", "2.1"))] if affected else [])


def test_last_affected_is_affected() -> None:
    events = [{"introduced": "1.0"}, {"last_affected": "1.5"}]
    assert [within(version, events) for version in ("0.9", "1.0", "1.5", "1.6")] == [False, True, True, False]


@pytest.mark.parametrize(("version", "code"), [("1.1", 1), ("1.2", 0)])
def test_the_command(tmp_path: Path, version: str, code: int) -> None:
    (tmp_path / "vulns").mkdir()
    (tmp_path / "vulns" / "PYSEC-1.yaml").write_text(json.dumps(ADVISORY))
    (tmp_path / "lock.txt").write_text(f"some-package=={version} \\\n    --hash=sha256:00\n")
    program = [sys.executable, str(ROOT / "tests/supply_chain/advisories.py"), "--advisories"]
    done = subprocess.run(
        [*program, str(tmp_path / "vulns"), str(tmp_path / "lock.txt")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert "1 advisories" in done.stdout
    (tmp_path / "empty").mkdir()
    empty = [*program, str(tmp_path / "empty"), str(tmp_path / "lock.txt")]
    assert subprocess.run(empty, capture_output=True, timeout=60, check=False).returncode == 2


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("audit", "make audit ADVISORIES=all.zip"),
        ("audit ADVISORIES=nowhere", "nowhere is not there; make audit ADVISORIES=all.zip"),
        ("evaluate", "make evaluate DATA=folder"),
        ("evaluate DATA=nowhere", "nowhere is no folder"),
    ],
)
def test_make_says_what_is_missing(target: str, hint: str) -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", *target.split()],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert hint in done.stderr
