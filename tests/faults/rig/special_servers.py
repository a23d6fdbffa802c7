"""One server with something about it: a small disk, or a disk that pushes wait for."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from faults.rig.places import OneServer


class Tmpfs:
    """A small file system in memory; `needs` says why there can be none."""

    def __init__(self, folder: Path, megabytes: int = 24) -> None:
        self.folder, self._megabytes = folder, megabytes

    def mount(self) -> Path:
        """The mounted folder."""
        self.folder.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m", "tmpfs", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)
        return self.folder

    def unmount(self) -> None:
        """Away with it."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True, capture_output=True)

    @staticmethod
    def needs() -> str:
        """Root, and a kernel that lets it mount."""
        if os.geteuid() != 0:
            return "only root may mount a small file system"
        with tempfile.TemporaryDirectory() as folder:
            probe = Tmpfs(Path(folder) / "probe", megabytes=1)
            try:
                probe.mount()
            except (OSError, subprocess.CalledProcessError):
                return "this machine lets nobody mount"
            probe.unmount()
        return ""


class OnTmpfs(OneServer):
    """A server whose files lie on a small file system."""

    def start(self) -> None:
        self._tmpfs = Tmpfs(self.folder.parent)
        self._tmpfs.mount()
        super().start()

    def stop(self) -> None:
        super().stop()
        self._tmpfs.unmount()


class Synced(OneServer):
    """A Valkey that pushes wait for until its disk has them."""

    given: Mapping[str, str] = MappingProxyType({"WARTA_FSYNC_ACK": "true"})

    def start(self) -> None:
        text = self.acl_file.read_text().replace(" +wait ", " +wait +waitaof ")
        self.folder.mkdir(parents=True)
        self.acl_file = self.folder / "users.acl"
        self.acl_file.write_text(text)
        super().start()
