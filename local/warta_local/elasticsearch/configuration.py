"""The server's configuration folder, written anew at each start."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from warta_local.elasticsearch.distribution import Distribution
from warta_local.elasticsearch.java import has_module
from warta_local.processes.ports import LOOPBACK

VECTOR_MODULE = "jdk.incubator.vector"
# Heap dumps and 2 GB of collector logs help nobody in a folder for trying things out.
UNWANTED = ("-Xlog:gc", "-XX:+HeapDumpOnOutOfMemoryError")
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1} %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """A server's folder: all paths that it writes to."""

    root: Path

    @property
    def config(self) -> Path:
        """elasticsearch.yml, jvm.options, the keystore."""
        return self.root / "config"

    @property
    def data(self) -> Path:
        """The indices."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """The server's working folder: crash files of Java."""
        return self.root / "logs"

    @property
    def temporary(self) -> Path:
        """Emptied at each start."""
        return self.root / "tmp"

    @property
    def snapshots(self) -> Path:
        """Where snapshot repositories may be (`path.repo`)."""
        return self.root / "snapshots"

    @property
    def pid_file(self) -> Path:
        """Written by the server itself."""
        return self.root / "pid"

    def folders(self) -> tuple[Path, ...]:
        """Those that must exist."""
        return (self.config, self.data, self.logs, self.temporary, self.snapshots)


def write_configuration(layout: Layout, distribution: Distribution, port: int, heap_megabytes: int) -> None:
    """All files but the keystore."""
    settings = "".join(
        f"{name}: {json.dumps(value)}\n" for name, value in server_settings(layout, port).items()
    )
    (layout.config / "elasticsearch.yml").write_text(settings, encoding="utf-8")
    (layout.config / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
    (layout.config / "jvm.options").write_text(jvm_options(distribution, heap_megabytes), encoding="utf-8")


def server_settings(layout: Layout, port: int) -> dict[str, str | int | bool]:
    """elasticsearch.yml as a flat table."""
    return {
        "cluster.name": "warta-local",
        "node.name": "warta-local",
        "network.host": LOOPBACK,
        "http.port": port,
        "transport.port": 0,
        "discovery.type": "single-node",
        "path.data": str(layout.data),
        "path.logs": str(layout.logs),
        "path.repo": str(layout.snapshots),
        # Security as in production; TLS adds nothing on the loopback address.
        "xpack.security.enabled": True,
        "xpack.security.http.ssl.enabled": False,
        "xpack.security.transport.ssl.enabled": False,
        "xpack.license.self_generated.type": "basic",
        # A misspelt or missing index must be an error, never an index with a guessed mapping.
        "action.auto_create_index": "-articles*,+*",
        # Percentages would block writing on a developer's fairly full disk; see `room` for the limit.
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }


def jvm_options(distribution: Distribution, heap_megabytes: int) -> str:
    """The distribution's own options, without what this Java or this folder cannot use, and our heap."""
    missing = () if has_module(distribution.java_home, VECTOR_MODULE) else (VECTOR_MODULE,)
    original = (distribution.home / "config" / "jvm.options").read_text(encoding="utf-8")
    lines = [
        f"# {line}" if any(word in line for word in (*UNWANTED, *missing)) else line
        for line in original.splitlines()
    ]
    return "\n".join([*lines, f"-Xms{heap_megabytes}m", f"-Xmx{heap_megabytes}m", ""])
