"""Downloads that end in a file with the right checksum, or in an error that says what to do."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import requests
import truststore
from jgo.maven import MavenContext, PythonResolver
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from warta_local.elasticsearch.artifacts import Artifact
from warta_local.errors import LocalError

log = logging.getLogger(__name__)

TRIES = 2
TIMEOUT_SECONDS = 60
PART = ".part-"

Fetch = Callable[[Artifact, Path, Console], Path]


class DownloadFailed(LocalError):
    """An artifact could not be had; the message says why and what to do."""


def have(artifact: Artifact, folder: Path, console: Console, fetch: Fetch | None = None) -> Path:
    """The verified file in `folder`, downloaded unless it is there already; damaged files are replaced.

    `fetch` downloads into an empty folder and returns the file; the Maven resolver unless given.
    """
    path = folder / artifact.file_name
    if path.exists():
        if checksum(path) == artifact.sha256:
            return path
        console.print(f"{path} is damaged: downloading it again")
    for _ in range(TRIES):
        # Always into an empty folder: what an interrupted download left must never pass for the file.
        with tempfile.TemporaryDirectory(dir=folder, prefix=PART) as part:
            fetched = _fetched(artifact, Path(part), console, fetch or from_maven, path)
            if checksum(fetched) == artifact.sha256:
                fetched.replace(path)
                return path
        console.print(f"what arrived as {artifact.title} has the wrong checksum")
    raise DownloadFailed(
        f"{artifact.title}: what arrives is not the file that Warta was tested with (sha256 "
        f"{artifact.sha256}). Something on the way changes it, perhaps a proxy; {_by_hand(artifact, path)}"
    )


def from_maven(artifact: Artifact, folder: Path, console: Console, repository: str | None = None) -> Path:
    """Download through the Maven resolver, trusting what the operating system trusts.

    `repository`: the URL of another repository than the resolver's own.
    """
    context = MavenContext(
        resolver=PythonResolver(progress_callback=_bar(artifact, console)),
        repo_cache=folder,
        remote_repos={"given": repository} if repository else None,
        timeout=TIMEOUT_SECONDS,
    )
    component = context.project(artifact.group, artifact.name).at_version(artifact.version)
    with _system_certificates():
        return Path(component.artifact(packaging=artifact.packaging).resolve())


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetched(artifact: Artifact, folder: Path, console: Console, fetch: Fetch, path: Path) -> Path:
    try:
        return fetch(artifact, folder, console)
    except (requests.RequestException, OSError, RuntimeError) as error:
        log.debug("download failed", exc_info=True)
        raise DownloadFailed(
            f"{artifact.title} could not be downloaded ({_reason(error)}). Check the network and, behind a "
            f"proxy, HTTPS_PROXY and REQUESTS_CA_BUNDLE; {_by_hand(artifact, path)}"
        ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "the certificate of the server, or of a proxy before it, is not trusted here"
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT_SECONDS} s"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    if isinstance(error, requests.RequestException):
        return "the connection broke"
    return error.strerror or "no room or rights" if isinstance(error, OSError) else "not found there"


def _by_hand(artifact: Artifact, path: Path) -> str:
    coordinate = f"{artifact.group}:{artifact.name}:{artifact.version}:{artifact.packaging}"
    return f"or put the Maven artifact {coordinate} at {path} yourself"


@contextlib.contextmanager
def _system_certificates() -> Iterator[None]:
    """A proxy that looks into TLS has its certificate in the system's store, not in the one of `requests`."""
    truststore.inject_into_ssl()
    try:
        yield
    finally:
        truststore.extract_from_ssl()


def _bar(
    artifact: Artifact, console: Console
) -> Callable[[str, int], contextlib.AbstractContextManager[Callable[[int], None]]]:
    """The resolver's progress callback: a bar on a terminal, one line elsewhere."""

    @contextlib.contextmanager
    def show(_name: str, total: int) -> Iterator[Callable[[int], None]]:
        if not console.is_terminal:
            console.print(f"downloading {artifact.title} ({artifact.megabytes} MB, once)")
            yield lambda _count: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=console) as progress:
            task = progress.add_task(f"downloading {artifact.title}", total=total)
            yield lambda count: progress.advance(task, count)

    return show
