"""The locked dependencies against a folder or zip of advisories in OSV form: no network is needed.

    python tests/supply_chain/advisories.py --advisories DIR-or-ZIP LOCK [LOCK ...]

The PyPA advisory database (a folder `vulns` of YAML) and OSV's export of PyPI (all.zip, JSON) are of this form:
https://ossf.github.io/osv-schema/. Exit codes: 0 nothing known, 1 a locked version is affected, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_WHERE = "make audit ADVISORIES=all.zip (OSV's export of PyPI), or the folder vulns of the PyPA database"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Hit:
    """A locked package that an advisory names."""

    package: str
    version: str
    advisory: str
    fixed: tuple[str, ...]


def locked(lock: Path) -> list[tuple[str, str]]:
    """(canonical name, version) of a hashed requirements file; one name may have several, by platform."""
    lines = (
        line for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line and line[0].isalnum()
    )
    found = (Requirement(line.rstrip("\\ ").strip()) for line in lines)
    return [(canonicalize_name(one.name), next(iter(one.specifier)).version) for one in found]


def advisories(source: Path) -> Iterator[dict[str, Any]]:
    """Every advisory of a folder or zip that was not withdrawn."""
    for name, text in _texts(source):
        found = json.loads(text) if name.endswith(".json") else yaml.load(text, LOADER)  # noqa: S506 -- a safe one
        if not found.get("withdrawn"):
            yield found


def _texts(source: Path) -> Iterator[tuple[str, str]]:
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.suffix in (".yaml", ".yml", ".json"):
                yield path.name, path.read_text(encoding="utf-8")
        return
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            yield name, archive.read(name).decode()


def hits(advisory: dict[str, Any], versions: dict[str, set[str]]) -> Iterator[Hit]:
    """The locked packages that an advisory says are affected; `versions` by canonical name."""
    for affected in advisory.get("affected", ()):
        package = affected.get("package", {})
        name = canonicalize_name(package.get("name", ""))
        if package.get("ecosystem") != "PyPI" or name not in versions:
            continue
        ranges = [one["events"] for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM"]
        fixed = tuple(event["fixed"] for events in ranges for event in events if "fixed" in event)
        for version in sorted(versions[name]):
            named = version in affected.get("versions", ())
            if named or any(within(version, events) for events in ranges):
                yield Hit(name, version, advisory["id"], fixed)


def within(version: str, events: list[dict[str, str]]) -> bool:
    """Whether a version lies in a range: OSV's own evaluation of events, in their order."""
    number, inside = Version(version), False
    for event in events:
        try:
            if "introduced" in event and (
                event["introduced"] == "0" or number >= Version(event["introduced"])
            ):
                inside = True
            if "fixed" in event and number >= Version(event["fixed"]):
                inside = False
            if "last_affected" in event and number > Version(event["last_affected"]):
                inside = False
        except InvalidVersion:
            continue
    return inside


def main() -> int:
    """Print what is affected."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--advisories", type=Path)
    parser.add_argument("locks", type=Path, nargs="+")
    options = parser.parse_args()
    if not options.advisories:
        parser.error(f"say what to look in: {_WHERE}")
    if not options.advisories.exists():
        parser.error(f"{options.advisories} is not there; {_WHERE}")
    versions: dict[str, set[str]] = {}
    for lock in options.locks:
        for name, version in locked(lock):
            versions.setdefault(name, set()).add(version)
    number, found = 0, []
    for advisory in advisories(options.advisories):
        number += 1
        found += hits(advisory, versions)
    if not number:
        parser.error(f"{options.advisories} holds no advisory")
    for hit in found:
        print(f"{hit.package} {hit.version}: {hit.advisory}, fixed in {', '.join(hit.fixed) or 'none'}")
    print(f"{len(versions)} locked packages, {number} advisories: {len(found)} affected")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
