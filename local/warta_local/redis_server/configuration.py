"""The text of redis.conf: a file, not arguments, since arguments are visible to every user of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from warta_local.processes.ports import LOOPBACK

# What the production system sets too: every write is kept, nothing is dropped when memory is full, and the
# registry's many small hashes are packed.
AS_IN_PRODUCTION = {
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": '""',
    "maxmemory-policy": "noeviction",
    "hash-max-listpack-entries": "512",
    "hash-max-listpack-value": "1024",
}


def configuration(
    folder: Path, port: int, *, acl_file: Path | None, cluster_port: int | None, more: Mapping[str, str]
) -> str:
    """One line a directive; `more` wins over ours."""
    directives = {
        "bind": LOOPBACK,
        "port": str(port),
        "dir": _quoted(folder),
        "daemonize": "no",
        **AS_IN_PRODUCTION,
    }
    if acl_file:
        directives["aclfile"] = _quoted(acl_file)
    if cluster_port:
        directives |= {
            "cluster-enabled": "yes",
            "cluster-config-file": "nodes.conf",
            "cluster-port": str(cluster_port),
            "cluster-node-timeout": "2000",
        }
    return "".join(f"{name} {value}\n" for name, value in {**directives, **more}.items())


def _quoted(path: Path) -> str:
    text = str(path.resolve()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
