"""The newsroom on a real port, at a fixed time."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from warta_local.newsroom import running_newsroom


def fixed_time() -> datetime:
    return datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[httpx.Client]:
    """A fresh site, for tests in which polls and fetches count."""
    with running_newsroom(fixed_time) as url, httpx.Client(base_url=url) as client:
        yield client


@pytest.fixture(scope="module")
def shared_site() -> Iterator[httpx.Client]:
    """One site for all tests of a module that only look at what does not change."""
    with running_newsroom(fixed_time) as url, httpx.Client(base_url=url) as client:
        yield client
