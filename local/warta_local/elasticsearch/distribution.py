"""A server ready to run, made once in the cache: downloaded, checked, unpacked, with its plugin."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from warta_local.elasticsearch import plugin
from warta_local.elasticsearch.artifacts import COMPILER, SERVER
from warta_local.elasticsearch.download import PART, Fetch, have
from warta_local.elasticsearch.java import VERSION as JAVA_VERSION
from warta_local.elasticsearch.java import java_home, java_program
from warta_local.elasticsearch.opened import open_to_all
from warta_local.elasticsearch.room import require_disk
from warta_local.folders import cache_folder, locked
from warta_local.processes.account import Account

UNPACKED_MEGABYTES = 400


@dataclass(frozen=True, slots=True)
class Distribution:
    """`home`: the server's folder, shared and read only. `java_home`: the runtime."""

    home: Path
    java_home: Path


def prepare(
    account: Account, console: Console, cache: Path | None = None, fetch: Fetch | None = None
) -> Distribution:
    """Download and build what is missing; cheap when all is there. Several processes may call it at once.

    `account`: who will run the server. `cache`: the user's cache folder unless given.
    """
    cache = cache or cache_folder(account)
    home = cache / f"{SERVER.name}-{SERVER.version}-{_recipe()}"
    with locked(cache, console):
        java = java_home(cache, account)
        if not home.exists():
            _build(home, java_program(java), account, console, fetch)
    return Distribution(home, java)


def _recipe() -> str:
    """Names what a prepared folder was made from: another plugin or compiler makes another folder."""
    parts = (SERVER.sha256, COMPILER.sha256, JAVA_VERSION, plugin.SOURCE.read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join([*parts, repr(plugin.COMPONENTS)]).encode()).hexdigest()[:12]


def _build(home: Path, java: Path, account: Account, console: Console, fetch: Fetch | None) -> None:
    cache = home.parent
    require_disk(cache, UNPACKED_MEGABYTES, "unpacking Elasticsearch")
    for leftover in (*cache.glob(f"{PART}*"), *cache.glob(".new-*")):
        shutil.rmtree(leftover, ignore_errors=True)
    archive = have(SERVER, cache, console, fetch)
    compiler = have(COMPILER, cache, console, fetch)
    console.print("unpacking Elasticsearch and compiling its analyzers")
    fresh = cache / f".new-{home.name}"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(fresh)
    unpacked = fresh / f"{SERVER.name}-{SERVER.version}"
    plugin.install(unpacked, java, compiler)
    if not account.is_us:
        open_to_all(unpacked)
    unpacked.rename(home)
    fresh.rmdir()
