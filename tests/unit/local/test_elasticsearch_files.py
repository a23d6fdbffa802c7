"""Where Elasticsearch's files lie, who may read them, and what is written into them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from warta_local.elasticsearch.configuration import Layout, jvm_options, server_settings
from warta_local.elasticsearch.distribution import Distribution
from warta_local.elasticsearch.java import has_module, java_home, java_program
from warta_local.elasticsearch.place import FolderUnusable, place, wipe
from warta_local.elasticsearch.room import NotEnoughRoom, available_memory, require_disk, require_memory
from warta_local.folders import SHARED_DATA, cache_folder
from warta_local.processes import Account, account_for_servers

NOBODY = Account(65_534, 65_534)
US = Account(os.geteuid(), os.getegid())
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")

JVM_OPTIONS = """\
-XX:+UseG1GC
20-:--add-modules=jdk.incubator.vector
-XX:+HeapDumpOnOutOfMemoryError
-Xlog:gc*,safepoint:file=gc.log
"""


def java(folder: Path, modules: str = "java.base java.logging") -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "lib").mkdir()
    (folder / "lib" / "modules").write_bytes(b"classes")
    java_program(folder).write_text("#!/bin/sh\n", encoding="utf-8")
    java_program(folder).chmod(0o700)
    (folder / "release").write_text(f'JAVA_VERSION="25"\nMODULES="{modules}"\n', encoding="utf-8")
    return folder


def distribution(tmp_path: Path, modules: str) -> Distribution:
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "jvm.options").write_text(JVM_OPTIONS, encoding="utf-8")
    return Distribution(home, java(tmp_path / "java", modules))


def test_options_that_this_java_cannot_take_are_commented_out(tmp_path: Path) -> None:
    assert jvm_options(distribution(tmp_path, "java.base"), 384).splitlines() == [
        "-XX:+UseG1GC",
        "# 20-:--add-modules=jdk.incubator.vector",
        "# -XX:+HeapDumpOnOutOfMemoryError",
        "# -Xlog:gc*,safepoint:file=gc.log",
        "-Xms384m",
        "-Xmx384m",
    ]


def test_a_java_that_has_the_module_uses_it(tmp_path: Path) -> None:
    text = jvm_options(distribution(tmp_path, "java.base jdk.incubator.vector"), 384)
    assert "\n20-:--add-modules=jdk.incubator.vector\n" in text


@pytest.mark.parametrize(
    ("module", "found"), [("java.base", True), ("jdk.incubator.vector", True), ("java.bas", False)]
)
def test_modules_are_found_by_their_whole_name(tmp_path: Path, module: str, found: bool) -> None:
    assert has_module(java(tmp_path / "java", "java.base jdk.incubator.vector"), module) is found


def test_settings_keep_security_on_and_articles_from_being_created(tmp_path: Path) -> None:
    settings = server_settings(Layout(tmp_path), 9_201)
    assert settings["xpack.security.enabled"] is True
    assert settings["action.auto_create_index"] == "-articles*,+*"
    assert settings["network.host"] == "127.0.0.1"
    assert settings["http.port"] == 9_201
    assert settings["path.repo"] == str(tmp_path / "snapshots")


def test_our_own_folders_are_used_as_they_are(tmp_path: Path) -> None:
    assert place(tmp_path / "deep" / "server", US) == tmp_path / "deep" / "server"
    assert java_home(tmp_path, US, java(tmp_path / "java")) == tmp_path / "java"
    assert US.closed_folder(tmp_path / "anything") is None


def test_the_cache_is_where_the_system_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache_folder(US) == tmp_path / "cache" / "warta"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder(US).relative_to(tmp_path / "home").parts[-1] == "warta"


@as_root
def test_closed_folders_are_found(tmp_path: Path) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    closed = NOBODY.closed_folder(open_folder / "file")
    # pytest's own folder, which is root's alone, or one above it
    assert closed is not None
    assert open_folder.is_relative_to(closed)
    assert account_for_servers().uid != 0


@as_root
def test_files_move_to_where_the_server_reaches_them(tmp_path: Path) -> None:
    asked = tmp_path / "server"
    folder = place(asked, NOBODY)
    assert folder.parent == SHARED_DATA
    assert NOBODY.closed_folder(folder) is None
    assert asked.resolve() == folder
    assert place(asked, NOBODY) == folder
    (folder / "data").mkdir()
    NOBODY.own(folder)
    assert {path.stat().st_uid for path in (folder, folder / "data")} == {NOBODY.uid}
    wipe(asked)
    assert not folder.exists()
    assert not asked.is_symlink()


@as_root
def test_a_link_to_nowhere_is_explained(tmp_path: Path) -> None:
    asked = tmp_path / "server"
    shutil.rmtree(place(asked, NOBODY))
    with pytest.raises(FolderUnusable, match="which is gone: remove the link to begin anew"):
        place(asked, NOBODY)


@as_root
def test_a_folder_with_data_that_became_unreachable_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    with pytest.raises(FolderUnusable, match=r"user \w+ may not enter .* exists: move it away"):
        place(tmp_path / "server", NOBODY)


@as_root
def test_an_unreachable_java_is_copied_for_all_to_run(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    copy = java_home(cache, NOBODY, java(tmp_path / "java"))
    assert copy.parent == cache
    assert java_program(copy).stat().st_mode & 0o777 == 0o755
    assert (copy / "lib" / "modules").stat().st_mode & 0o004
    assert java_home(cache, NOBODY, tmp_path / "java") == copy


def test_wiping_what_is_not_there_is_fine(tmp_path: Path) -> None:
    wipe(tmp_path / "server")


def test_too_little_disk_says_how_much_is_missing(tmp_path: Path) -> None:
    require_disk(tmp_path, 1, "the test")
    with pytest.raises(NotEnoughRoom, match=r"the test needs 999999999 MB of disk.*MB left: make room"):
        require_disk(tmp_path, 999_999_999, "the test")


def test_too_little_memory_says_how_much_is_missing() -> None:
    with pytest.raises(NotEnoughRoom, match=r"needs 90000700 MB of memory, and \d+ MB are available"):
        require_memory(90_000_000)


def test_a_container_counts_its_own_memory(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("900000\n", encoding="ascii")
    (tmp_path / "memory.stat").write_text("anon 5\ninactive_file 250000\nactive_file 7\n", encoding="ascii")
    assert available_memory(tmp_path) == 350_000
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert available_memory(tmp_path) > 1_000_000
