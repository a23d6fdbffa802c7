"""The server as it is prepared in the cache: once, whole, by one process at a time."""

from __future__ import annotations

import os
import shutil
import threading
from io import StringIO
from pathlib import Path

from rich.console import Console

from warta_local.elasticsearch import Distribution, prepare
from warta_local.elasticsearch.artifacts import COMPILER, SERVER, Artifact
from warta_local.folders import cache_folder
from warta_local.processes import Account, account_for_servers


def test_two_that_need_it_at_once_make_it_once(tmp_path: Path) -> None:
    prepare(account_for_servers(), Console(stderr=True))
    downloaded = cache_folder(account_for_servers())
    fetched: list[str] = []
    made: list[Distribution] = []
    console = Console(file=StringIO())

    def fetch(artifact: Artifact, folder: Path, _console: Console) -> Path:
        fetched.append(artifact.name)
        return Path(shutil.copy(downloaded / artifact.file_name, folder))

    def make() -> None:
        made.append(prepare(Account(os.geteuid(), os.getegid()), console, tmp_path, fetch))

    leftover = tmp_path / f".new-{SERVER.name}-of-a-killed-process"
    leftover.mkdir()
    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert fetched == [SERVER.name, COMPILER.name]
    assert made[0] == made[1]
    assert (made[0].home / "plugins" / "warta-analysis" / "warta-analysis.jar").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [SERVER.file_name, COMPILER.file_name, made[0].home.name, "lock"]
    )
    assert isinstance(console.file, StringIO)
    assert "waiting for another process" in console.file.getvalue()
