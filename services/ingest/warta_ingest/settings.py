"""What the ingest service can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from warta_shared.settings import ServiceSettings

MEGABYTE = 1_000_000


class IngestSettings(ServiceSettings):
    """`allow_networks`: networks or hosts (comma-separated) that may be fetched although they are not public.

    `push_keys`: lines `name:sha256` (usually WARTA_PUSH_KEYS_FILE). Times in seconds, sizes in bytes.
    `host_gap`: the least time between two requests to one host. `registry_days`: how long an article that is
    not seen any more is remembered.
    """

    feeds_file: Path | None = None
    allow_networks: str = ""
    user_agent: str = "Warta/0.1 (+news ingestion; set WARTA_USER_AGENT to name your contact)"
    fetch_deadline: Annotated[float, Field(gt=0, le=300)] = 20.0
    page_bytes_max: Annotated[int, Field(gt=0)] = 3 * MEGABYTE
    feed_bytes_max: Annotated[int, Field(gt=0)] = 10 * MEGABYTE
    host_gap: Annotated[float, Field(ge=0)] = 1.0
    page_batch: Annotated[int, Field(ge=1, le=100)] = 16
    page_budget: Annotated[float, Field(gt=0)] = 45.0
    page_min_idle: Annotated[float, Field(gt=0)] = 90.0
    page_tries: Annotated[int, Field(ge=1, le=100)] = 6
    page_readers: Annotated[int, Field(ge=1, le=16)] = 4
    poll_lease: Annotated[float, Field(gt=0)] = 120.0
    polls_at_once: Annotated[int, Field(ge=1, le=200)] = 20
    parser_workers: Annotated[int, Field(ge=1, le=16)] = 1
    push_keys: SecretStr = SecretStr("")
    push_bytes_max: Annotated[int, Field(gt=0)] = 16 * MEGABYTE
    push_deadline: Annotated[float, Field(gt=0)] = 30.0
    push_articles_max: Annotated[int, Field(ge=1)] = 1_000
    push_articles_per_minute: Annotated[int, Field(ge=1)] = 30_000
    max_revisions_per_hour: Annotated[int, Field(ge=1)] = 12
    registry_days: Annotated[float, Field(gt=0)] = 90.0

    @property
    def allowed_networks(self) -> tuple[str, ...]:
        """`allow_networks` as a list."""
        return tuple(part.strip() for part in self.allow_networks.split(",") if part.strip())

    @property
    def registry_seconds(self) -> float:
        """`registry_days` in seconds."""
        return self.registry_days * 86_400
