"""Settings from the environment: prefix WARTA_, every value also from the file named by WARTA_<NAME>_FILE."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

PREFIX = "WARTA_"
# What reading settings raises: a value that does not hold, a file that cannot be read.
WRONG_SETTINGS = (ValidationError, SettingsError)


class FileSource(PydanticBaseSettingsSource):
    """`WARTA_REDIS_PASSWORD_FILE=/run/secrets/x` reads `redis_password` from that file, without its newline."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value of one field, None when its _FILE variable is not set."""
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        value = _read(variable, path) if path else None
        return value, field_name, self.field_is_complex(field)

    def __call__(self) -> dict[str, Any]:
        """All fields that have a file."""
        values = {}
        for name, field in self.settings_cls.model_fields.items():
            raw, _, complex_value = self.get_field_value(field, name)
            if raw is not None:
                values[name] = self.prepare_field_value(name, field, raw, complex_value)
        return values


def _read(variable: str, path: str) -> str:
    """An empty secret would pass for none, and a service that should have one would go on without."""
    try:
        value = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"{variable}: cannot read {path}: {reason}") from error
    if not value:
        raise SettingsError(f"{variable}: {path} is empty")
    return value


Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LEVELS: tuple[str, ...] = get_args(Level)


class WartaSettings(BaseSettings):
    """The base of all settings: environment first, then the file, then the default; read once, then passed.

    A variable that is set but empty counts as not set, as compose files leave them.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then files."""
        return init_settings, env_settings, FileSource(settings_cls)


class RedisSettings(WartaSettings):
    """Where Redis (or Valkey, Sentinel, Cluster) is.

    `redis_url`: redis://, rediss://, redis+sentinel://host:port,host:port/master or redis+cluster://host:port.
    `partitions`: 0 = plain stream names; choose once, before the first article. `replicas_ack`: replicas that
    must have a publish before it counts (WAIT), within `replicas_timeout` seconds. `fsync_ack`: whether the disk must
    have it as well (WAITAOF; Redis 7.2 or newer, Valkey), within `fsync_timeout` seconds: up to a second with
    `appendfsync everysec`, which else may lose what it has just confirmed.
    """

    redis_url: Annotated[str, Field(repr=False)] = "redis://127.0.0.1:6379"
    redis_username: str | None = None
    redis_password: SecretStr | None = None
    partitions: Annotated[int, Field(ge=0, le=1024)] = 0
    replicas_ack: Annotated[int, Field(ge=0, le=10)] = 0
    replicas_timeout: Annotated[float, Field(gt=0, le=30)] = 1.0
    fsync_ack: bool = False
    fsync_timeout: Annotated[float, Field(gt=0, le=8)] = 5.0

    @property
    def confirms(self) -> bool:
        """Whether a publish waits for more than the server's memory, so that a repeated one must wait again."""
        return self.replicas_ack > 0 or self.fsync_ack


class DeliverySettings(RedisSettings):
    """How messages are delivered; seconds unless the name says otherwise.

    A message that was given out and not acknowledged comes again after `min_idle`, doubling up to eight
    times that, until `max_deliveries`, then it is a dead letter. `batch_timeout` must lie below `min_idle`.
    """

    batch_size: Annotated[int, Field(ge=1, le=1_000)] = 200
    batch_timeout: Annotated[float, Field(gt=0)] = 20.0
    min_idle: Annotated[float, Field(gt=0)] = 30.0
    max_deliveries: Annotated[int, Field(ge=1, le=100)] = 6
    max_dead_letters_per_minute: Annotated[int, Field(ge=1)] = 300
    replay_window: Annotated[float, Field(ge=0)] = 0.0
    max_backlog: Annotated[int, Field(ge=1)] = 100_000
    max_memory_ratio: Annotated[float, Field(gt=0, le=1)] = 0.85

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        """A batch that outlives `min_idle` would be given to a second worker while the first still works."""
        if self.batch_timeout >= self.min_idle:
            raise ValueError(
                f"batch_timeout ({self.batch_timeout:g} s) must lie below min_idle ({self.min_idle:g} s)"
            )
        return self


class HttpSettings(WartaSettings):
    """Where a service answers /health and /metrics, how it logs, and where its traces go.

    `otlp_endpoint`: a collector of OpenTelemetry that takes OTLP over HTTP, as http://collector:4318.
    """

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    log_level: Annotated[Level, BeforeValidator(str.upper)] = "INFO"
    otlp_endpoint: Annotated[str, Field(pattern=r"^https?://[^/@\s]+(/\S*)?$")] | None = None


class ServiceSettings(DeliverySettings, HttpSettings):
    """What every service needs to run."""


def problems_of(error: ValidationError | SettingsError) -> list[str]:
    """What is wrong, by variable; values are not shown, they may be secrets."""
    if isinstance(error, SettingsError):
        return [str(error)]
    return [
        f"{PREFIX + '_'.join(map(str, e['loc'])).upper() + ': ' if e['loc'] else ''}{e['msg']}"
        for e in error.errors(include_input=False, include_url=False)
    ]
