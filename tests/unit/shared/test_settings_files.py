"""Settings: the environment, then the file that a _FILE variable names, then the default."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from warta_shared.settings import DeliverySettings, RedisSettings, ServiceSettings


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("WARTA_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("content", ["hunter2", "hunter2\n", "hunter2\r\n"])
def test_a_secret_from_a_file_loses_its_newline(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "password"
    path.write_bytes(content.encode())
    monkeypatch.setenv("WARTA_REDIS_PASSWORD_FILE", str(path))
    settings = RedisSettings()
    assert settings.redis_password
    assert settings.redis_password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings)


def test_spaces_belong_to_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "password"
    path.write_text(" a b \n", encoding="utf-8")
    monkeypatch.setenv("WARTA_REDIS_PASSWORD_FILE", str(path))
    password = RedisSettings().redis_password
    assert password
    assert password.get_secret_value() == " a b "


def test_every_setting_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "partitions"
    path.write_text("64\n", encoding="utf-8")
    monkeypatch.setenv("WARTA_PARTITIONS_FILE", str(path))
    assert RedisSettings().partitions == 64


def test_the_variable_wins_over_the_file_and_arguments_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "partitions"
    path.write_text("64", encoding="utf-8")
    monkeypatch.setenv("WARTA_PARTITIONS_FILE", str(path))
    monkeypatch.setenv("WARTA_PARTITIONS", "8")
    assert RedisSettings().partitions == 8
    assert RedisSettings(partitions=2).partitions == 2


def test_an_empty_variable_counts_as_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "partitions"
    path.write_text("64", encoding="utf-8")
    monkeypatch.setenv("WARTA_PARTITIONS", "")
    assert RedisSettings().partitions == 0
    monkeypatch.setenv("WARTA_PARTITIONS_FILE", "")
    assert RedisSettings().partitions == 0
    monkeypatch.setenv("WARTA_PARTITIONS_FILE", str(path))
    assert RedisSettings().partitions == 64


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot read .*No such file"),
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfe", "it is no text"),
    ],
)
def test_a_secret_that_cannot_be_had_stops_the_start(
    content: bytes | None, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("WARTA_REDIS_PASSWORD_FILE", str(path))
    with pytest.raises(SettingsError, match=f"WARTA_REDIS_PASSWORD_FILE: .*{problem}"):
        RedisSettings()


def test_a_wrong_value_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTA_PARTITIONS", "hunter2")
    with pytest.raises(ValidationError) as refused:
        RedisSettings()
    assert "hunter2" not in str(refused.value)


def test_the_url_is_not_shown_since_it_may_hold_a_password() -> None:
    assert "hunter2" not in repr(ServiceSettings(redis_url="redis://u:hunter2@127.0.0.1"))


def test_a_batch_ends_before_its_messages_are_given_to_another() -> None:
    assert DeliverySettings(batch_timeout=29.9, min_idle=30).min_idle == 30
    with pytest.raises(ValidationError, match="must lie below min_idle"):
        DeliverySettings(batch_timeout=30, min_idle=30)
