"""The distribution's command line tools, called as its own `bin/elasticsearch-cli` calls them.

Without the shell scripts: they need bash, and their execute bits.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from warta_local.elasticsearch.configuration import Layout
from warta_local.elasticsearch.distribution import Distribution
from warta_local.elasticsearch.java import java_program
from warta_local.errors import LocalError
from warta_local.processes.account import Account

KEYSTORE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Tool:
    """What tells the launcher which tool to be; paths are relative to the server's folder."""

    name: str
    script: str
    libraries: str


SERVER_TOOL = Tool("server", "bin/elasticsearch", "lib/tools/server-cli")
KEYSTORE_TOOL = Tool("", "bin/elasticsearch-keystore", "lib/tools/keystore-cli")


class KeystoreFailed(LocalError):
    """The password could not be put into the keystore."""


def server_command(distribution: Distribution, layout: Layout) -> list[str]:
    """Starts the server in the foreground: a small launcher, and the server as its child."""
    arguments = ["--pidfile", str(layout.pid_file)]
    return _launcher(distribution, layout, SERVER_TOOL, arguments)


def environment(layout: Layout) -> dict[str, str]:
    """Nothing of ours leaks in: no JAVA_TOOL_OPTIONS, no secrets. UTF-8, for paths with other letters."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "ES_TMPDIR": str(layout.temporary),
        "HOME": str(layout.temporary),
    }


def keep_password(distribution: Distribution, layout: Layout, password: str, account: Account) -> None:
    """Put the `elastic` user's password into the keystore, unless it is there already."""
    marker = layout.config / "password.sha256"
    digest = hashlib.sha256(password.encode()).hexdigest()
    if marker.exists() and marker.read_text(encoding="ascii") == digest:
        return
    add = ["add", "--force", "--stdin", "bootstrap.password"]
    answer = subprocess.run(  # noqa: S603 - the distribution's own tool
        _launcher(distribution, layout, KEYSTORE_TOOL, add),
        input=password,
        env=environment(layout),
        cwd=distribution.home,
        capture_output=True,
        text=True,
        timeout=KEYSTORE_SECONDS,
        check=False,
        user=None if account.is_us else account.uid,
        group=None if account.is_us else account.gid,
        extra_groups=None if account.is_us else [],
    )
    if answer.returncode:
        raise KeystoreFailed(f"elasticsearch-keystore says: {(answer.stderr or answer.stdout).strip()}")
    marker.write_text(digest, encoding="ascii")


def _launcher(distribution: Distribution, layout: Layout, tool: Tool, arguments: Sequence[str]) -> list[str]:
    home = distribution.home
    return [
        str(java_program(distribution.java_home)),
        *("-Xms4m", "-Xmx64m", "-XX:+UseSerialGC"),
        f"-Dcli.name={tool.name}",
        f"-Dcli.script={home / tool.script}",
        f"-Dcli.libs={tool.libraries}",
        f"-Des.path.home={home}",
        f"-Des.path.conf={layout.config}",
        "-Des.distribution.type=zip",
        "-Des.java.type=ES_JAVA_HOME",
        *("-cp", f"{home}/lib/*:{home}/lib/cli-launcher/*"),
        "org.elasticsearch.launcher.CliToolLauncher",
        *arguments,
    ]
