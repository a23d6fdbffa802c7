"""What the ingest service can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from warta_ingest.fetcher import FetcherOptions
from warta_ingest.push.keys import keys_of_file
from warta_shared.settings import ServiceSettings, WartaSettings

MEGABYTE = 1_000_000
PRODUCT = "Warta"
VERSION = "0.1"


class FetchSettings(WartaSettings):
    """How strangers' servers are asked, by the service and by commands. Times in seconds, sizes in bytes.

    `allow_networks`: networks or hosts (comma-separated) that may be fetched although they are not public.
    `contact`: a URL or mail address that the User-Agent names, for those whose servers are asked.
    """

    allow_networks: str = ""
    contact: Annotated[str, Field(max_length=200, pattern=r"^[\x21-\x7e]*$")] = ""
    user_agent: Annotated[str, Field(max_length=500, pattern=r"^[\x20-\x7e]*$")] = ""
    fetch_deadline: Annotated[float, Field(gt=0, le=300)] = 9.0
    page_bytes_max: Annotated[int, Field(gt=0)] = 3 * MEGABYTE
    feed_bytes_max: Annotated[int, Field(gt=0)] = 10 * MEGABYTE

    @property
    def allowed_networks(self) -> tuple[str, ...]:
        """`allow_networks` as a list."""
        return tuple(part.strip() for part in self.allow_networks.split(",") if part.strip())

    @property
    def fetcher_options(self) -> FetcherOptions:
        """How the fetcher works by these settings."""
        return FetcherOptions(
            user_agent=self.sent_user_agent, deadline=self.fetch_deadline, allow=self.allowed_networks
        )

    @property
    def sent_user_agent(self) -> str:
        """The User-Agent: the operator's own, else the product with its contact."""
        return self.user_agent or f"{PRODUCT}/{VERSION} (+{self.contact or 'news ingestion'})"


class IngestSettings(ServiceSettings, FetchSettings):
    """What the ingest service can be told.

    `push_keys`: lines `name:sha256` (usually WARTA_PUSH_KEYS_FILE). Times in seconds, sizes in bytes.
    `host_gap`: the least time between two requests to one host, of all replicas together; `robots`:
    whether robots.txt is obeyed, `crawl_delay_max`: how much of a site's Crawl-delay at the most;
    `page_budget`: how long a page may wait for its host and be fetched, `page_extraction` what a batch of
    pages may take beyond that; a batch that is not done by then is given out again after `page_min_idle`.
    `push_bytes_in_flight`: of all push requests together, packed and unpacked. `push_once_hours`: how long
    the answer to an Idempotency-Key is kept. `registry_days`: how long an article that is not seen any more
    is remembered; a page that stays in its feed for a third of that is fetched again. `archive_folder`:
    where fetched pages are kept as they were (WARC), in files of `archive_file_bytes`; nowhere when not set.
    `canary_seconds`: how often an article of our own goes through everything, to see how long it takes; 0 = never.
    `feeds_watch`: how often all feeds are looked at for the metrics.
    """

    feeds_file: Path | None = None
    host_gap: Annotated[float, Field(ge=0)] = 1.0
    robots: bool = True
    crawl_delay_max: Annotated[float, Field(ge=0, le=300)] = 20.0
    page_batch: Annotated[int, Field(ge=1, le=100)] = 16
    page_budget: Annotated[float, Field(gt=0)] = 45.0
    page_extraction: Annotated[float, Field(gt=0)] = 30.0
    page_min_idle: Annotated[float, Field(gt=0)] = 90.0
    page_tries: Annotated[int, Field(ge=1, le=100)] = 6
    page_readers: Annotated[int, Field(ge=1, le=16)] = 4
    poll_lease: Annotated[float, Field(gt=0)] = 120.0
    feeds_watch: Annotated[float, Field(gt=0)] = 60.0
    polls_at_once: Annotated[int, Field(ge=1, le=200)] = 20
    parser_workers: Annotated[int, Field(ge=1, le=16)] = 1
    push_keys: SecretStr = SecretStr("")
    push_bytes_max: Annotated[int, Field(gt=0)] = 16 * MEGABYTE
    push_bytes_in_flight: Annotated[int, Field(gt=0)] = 64 * MEGABYTE
    push_deadline: Annotated[float, Field(gt=0)] = 30.0
    push_articles_max: Annotated[int, Field(ge=1)] = 1_000
    push_once_hours: Annotated[float, Field(gt=0, le=168)] = 6.0
    push_articles_per_minute: Annotated[int, Field(ge=1)] = 30_000
    max_revisions_per_hour: Annotated[int, Field(ge=1)] = 12
    registry_days: Annotated[float, Field(gt=0)] = 90.0
    archive_folder: Path | None = None
    archive_file_bytes: Annotated[int, Field(ge=1_000_000)] = 256 * MEGABYTE
    canary_seconds: Annotated[float, Field(ge=0, le=600)] = 300.0

    @field_validator("push_keys")
    @classmethod
    def _readable(cls, push_keys: SecretStr) -> SecretStr:
        keys_of_file(push_keys.get_secret_value())  # raises ValueError
        return push_keys

    @model_validator(mode="after")
    def _in_step(self) -> Self:
        """What must end before something else may begin."""
        if self.page_batch_timeout >= self.page_min_idle:
            raise ValueError("page_min_idle must lie above page_budget + page_extraction")
        if self.fetch_deadline >= self.page_budget:
            raise ValueError("fetch_deadline must lie below page_budget")
        if self.fetch_deadline >= self.poll_lease:
            raise ValueError("fetch_deadline must lie below poll_lease")
        if self.push_bytes_in_flight < 2 * self.push_bytes_max:
            raise ValueError("push_bytes_in_flight must be at least twice push_bytes_max")
        return self

    @property
    def page_batch_timeout(self) -> float:
        """How long a batch of pages may take."""
        return self.page_budget + self.page_extraction

    @property
    def registry_seconds(self) -> float:
        """`registry_days` in seconds."""
        return self.registry_days * 86_400

    @property
    def page_memory_seconds(self) -> float:
        """How long a page that was found is not fetched again, as long as its feed says the same of it."""
        return self.registry_seconds / 3
