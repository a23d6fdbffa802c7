"""Servers on loopback, and a fetcher that may speak to them."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from loopback_server import Authority, Serve

from warta_ingest.fetcher import Fetcher, FetcherOptions


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts servers for one test."""
    servers = Serve()
    yield servers
    await servers.stop()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher that may speak to 127.0.0.1, with a deadline of 2 seconds."""
    options = FetcherOptions(
        user_agent="Warta/test (+https://example.org)", deadline=2.0, allow=("127.0.0.1/32",)
    )
    async with Fetcher(options) as fetcher:
        yield fetcher


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Made with the openssl command for this run alone."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,DNS:news.example,IP:127.0.0.1",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return Authority(_server_context(key, certificate), ssl.create_default_context(cafile=str(certificate)))


def _server_context(key: Path, certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
