"""Downloads from a real HTTP server that misbehaves: damaged, broken off, missing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from warta_local.elasticsearch.artifacts import Artifact
from warta_local.elasticsearch.download import PART, DownloadFailed, from_maven, have
from warta_local.processes import free_port

CONTENT = b"a server, as it should be\n" * 4_000
ARTIFACT = Artifact(
    "org.example.news", "server", "1.2", "zip", hashlib.sha256(CONTENT).hexdigest(), 1, "the server 1.2"
)
PATH = "/org/example/news/server/1.2/server-1.2.zip"


@dataclass
class Repository:
    """Answers each request for the artifact with the next of `answers`: the bytes, and the length it claims."""

    url: str
    answers: list[tuple[bytes, int]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def will_send(self, *contents: bytes, missing: int = 0) -> None:
        self.answers += [(content, len(content) + missing) for content in contents]


@pytest.fixture
def repository() -> Iterator[Repository]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != PATH or not held.answers:
                self.send_error(404)
                return
            held.asked.append(self.path)
            content, length = held.answers.pop(0)
            self.send_response(200)
            self.send_header("content-length", str(length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held = Repository(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def console() -> Console:
    return Console(file=StringIO(), width=200)


def said(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def download(folder: Path, repository: Repository, console: Console) -> Path:
    return have(ARTIFACT, folder, console, partial(from_maven, repository=repository.url))


def test_it_is_downloaded_once(tmp_path: Path, repository: Repository, console: Console) -> None:
    repository.will_send(CONTENT)
    path = download(tmp_path, repository, console)
    assert path.read_bytes() == CONTENT
    assert download(tmp_path, repository, console) == path
    assert len(repository.asked) == 1
    assert "downloading the server 1.2 (1 MB, once)" in said(console)
    assert list(tmp_path.iterdir()) == [path]


def test_a_wrong_checksum_is_downloaded_again(
    tmp_path: Path, repository: Repository, console: Console
) -> None:
    repository.will_send(CONTENT[:-1] + b"?", CONTENT)
    assert download(tmp_path, repository, console).read_bytes() == CONTENT
    assert "wrong checksum" in said(console)


def test_a_wrong_checksum_twice_is_refused(tmp_path: Path, repository: Repository, console: Console) -> None:
    repository.will_send(b"<html>sign in first</html>", b"<html>sign in first</html>", CONTENT)
    with pytest.raises(DownloadFailed, match=r"not the file that Warta was tested with.*perhaps a proxy"):
        download(tmp_path, repository, console)
    assert list(tmp_path.iterdir()) == []


def test_a_connection_that_breaks_off_leaves_nothing_behind(
    tmp_path: Path, repository: Repository, console: Console
) -> None:
    repository.will_send(CONTENT[:50_000], missing=len(CONTENT) - 50_000)
    with pytest.raises(DownloadFailed, match=r"could not be downloaded.*org.example.news:server:1.2:zip at"):
        download(tmp_path, repository, console)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_replaced(tmp_path: Path, repository: Repository, console: Console) -> None:
    (tmp_path / "server-1.2.zip").write_bytes(CONTENT[:1_000])
    repository.will_send(CONTENT)
    assert download(tmp_path, repository, console).read_bytes() == CONTENT
    assert "is damaged: downloading it again" in said(console)


def test_what_a_killed_download_left_is_not_taken_for_the_file(
    tmp_path: Path, repository: Repository, console: Console
) -> None:
    part = tmp_path / f"{PART}dead" / PATH.lstrip("/")
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT[:1_000])
    repository.will_send(CONTENT)
    assert download(tmp_path, repository, console).read_bytes() == CONTENT


def test_a_missing_artifact_says_where_to_put_it(
    tmp_path: Path, repository: Repository, console: Console
) -> None:
    with pytest.raises(
        DownloadFailed, match=r"\(not found there\).*put the Maven artifact.*server-1\.2\.zip"
    ):
        download(tmp_path, repository, console)


def test_no_network_says_so(tmp_path: Path, console: Console) -> None:
    nowhere = Repository(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(DownloadFailed, match=r"\(no connection\)\. Check the network.*HTTPS_PROXY"):
        download(tmp_path, nowhere, console)
