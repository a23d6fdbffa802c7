"""Settings of the index service and its commands; every secret also by WARTA_<NAME>_FILE."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from warta_shared.settings import ServiceSettings, WartaSettings

Seconds = Annotated[float, Field(gt=0, le=600)]


class ElasticsearchSettings(WartaSettings):
    """Where Elasticsearch is and who we are there.

    `elasticsearch_url`: one or more addresses of the same cluster, separated by commas.
    `elasticsearch_api_key`: the encoded form; when it comes from a file, the file is read again after a 401,
    so that a rotated key is taken up without a restart.
    `elasticsearch_ca_file`: certificates to trust for https, instead of the system's.
    """

    elasticsearch_url: str = "http://127.0.0.1:9200"
    elasticsearch_api_key: SecretStr | None = None
    elasticsearch_api_key_file: Path | None = None
    elasticsearch_ca_file: Path | None = None
    elasticsearch_timeout: Seconds = 10.0

    @field_validator("elasticsearch_url")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for address in value.split(","):
            _check_address(address.strip())
        return value

    def addresses(self) -> list[str]:
        """The addresses one by one."""
        return [address.strip().rstrip("/") for address in self.elasticsearch_url.split(",")]


class AuditSettings(ElasticsearchSettings):
    """`registry_days`: how long the registry remembers an article, as ingest has it."""

    registry_days: Annotated[float, Field(gt=0)] = 90.0

    @property
    def registry_seconds(self) -> float:
        """`registry_days` in seconds."""
        return self.registry_days * 86_400


class SchemaSettings(WartaSettings):
    """How the index of articles is laid out; shards and codec count when the index is made."""

    index_shards: Annotated[int, Field(ge=1, le=1_024)] = 1
    index_replicas: Annotated[int, Field(ge=0, le=10)] = 0
    index_refresh_interval: Annotated[str, Field(pattern=r"^(-1|\d+(ms|s|m))$")] = "1s"
    index_codec: Literal["default", "best_compression"] = "default"


class SetupSettings(ElasticsearchSettings, SchemaSettings):
    """What `warta setup` needs: the address and an administrator."""

    elasticsearch_username: str = "elastic"
    elasticsearch_password: SecretStr | None = None


class BackupSettings(SetupSettings):
    """What `warta backup` and `warta restore` need: an administrator, and the folder of the backups.

    `snapshot_repository`: its name in Elasticsearch. Where there is none of that name, one of files is made at
    `snapshot_location`, which Elasticsearch takes from its `path.repo`.
    """

    backup_folder: Path | None = None
    snapshot_repository: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,100}$")] = "warta"
    snapshot_location: Annotated[str, Field(min_length=1)] = "elasticsearch"


class IndexSettings(ElasticsearchSettings, ServiceSettings):
    """The index service. One request carries at most `bulk_docs` articles and `bulk_bytes` bytes.

    `write_deadline`: seconds until a batch is given back to the stream; it must lie below `batch_timeout`.
    """

    bulk_docs: Annotated[int, Field(ge=1, le=10_000)] = 500
    bulk_bytes: Annotated[int, Field(ge=10_000, le=50_000_000)] = 5_000_000
    bulk_in_flight: Annotated[int, Field(ge=1, le=16)] = 2
    write_deadline: Seconds = 15.0


def _check_address(address: str) -> None:
    parsed = urlsplit(address)
    if parsed.scheme not in {"http", "https"} or not parsed.hostname or not _port_is_valid(address):
        raise ValueError("each address must look like http://host:9200 or https://host:9200")
    if "@" in parsed.netloc:
        raise ValueError("no user or password in the address: use WARTA_ELASTICSEARCH_API_KEY or _PASSWORD")
    if parsed.query or parsed.fragment:
        raise ValueError("an address has no ? or # part")


def _port_is_valid(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False
