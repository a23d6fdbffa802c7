"""A real Elasticsearch with nothing of ours in it, and the same after set-up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from real_articles import Articles, Server

from warta_index.connection import Connection
from warta_index.credentials import administrator
from warta_index.settings import SetupSettings


@pytest.fixture(scope="session")
def settings(elasticsearch_server: Server) -> Iterator[SetupSettings]:
    """The administrator's; at the end nothing of ours is left to others who use the same server."""
    settings = SetupSettings(
        elasticsearch_url=elasticsearch_server.url,
        elasticsearch_password=elasticsearch_server.password,
        elasticsearch_api_key=None,
    )
    yield settings
    asyncio.run(leave_nothing(settings))


async def leave_nothing(settings: SetupSettings) -> None:
    async with Connection(settings, administrator(settings)) as admin:
        await Articles(settings, admin, Path()).remove_everything()


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key files that outlive a test, so that not each one makes keys of its own."""
    return tmp_path_factory.mktemp("keys") / "keys"


@pytest.fixture
async def bare(settings: SetupSettings, tmp_path: Path) -> AsyncIterator[Articles]:
    """The server without anything of ours."""
    async with Connection(settings, administrator(settings)) as admin:
        articles = Articles(settings, admin, tmp_path / "keys")
        await articles.remove_everything()
        yield articles


@pytest.fixture
async def articles(settings: SetupSettings, keys_dir: Path) -> AsyncIterator[Articles]:
    """The server after `warta setup`, without any article."""
    async with Connection(settings, administrator(settings)) as admin:
        articles = Articles(settings, admin, keys_dir)
        await articles.remove_indices()
        await articles.install()
        yield articles


@pytest.fixture
def command_environment(monkeypatch: pytest.MonkeyPatch, settings: SetupSettings) -> None:
    """What `warta setup` finds in the environment."""
    assert settings.elasticsearch_password is not None
    monkeypatch.setenv("WARTA_ELASTICSEARCH_URL", settings.elasticsearch_url)
    monkeypatch.setenv("WARTA_ELASTICSEARCH_PASSWORD", settings.elasticsearch_password.get_secret_value())
