"""Settings and credentials: what is refused, and that no secret can be printed by accident."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from warta_index.credentials import administrator, api_key, of_key
from warta_index.settings import ElasticsearchSettings, IndexSettings, SetupSettings
from warta_index.writer import BulkLimits


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "API_KEY", "API_KEY_FILE", "PASSWORD", "PASSWORD_FILE"):
        monkeypatch.delenv(f"WARTA_ELASTICSEARCH_{name}", raising=False)


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://127.0.0.1:9200", ["http://127.0.0.1:9200"]),
        ("https://es.example:9243/prefix/", ["https://es.example:9243/prefix"]),
        ("http://a:9200, http://[::1]:9200", ["http://a:9200", "http://[::1]:9200"]),
    ],
)
def test_one_or_more_addresses(url: str, addresses: list[str]) -> None:
    assert ElasticsearchSettings(elasticsearch_url=url).addresses() == addresses


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:9200",
        "ftp://a:9200",
        "http://",
        "http://a:0",
        "http://a:99999",
        "http://a/?x=1",
        "http://a,,",
    ],
)
def test_addresses_that_lead_nowhere_are_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        ElasticsearchSettings(elasticsearch_url=url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValidationError) as refused:
        ElasticsearchSettings(elasticsearch_url="http://elastic:s3cret@127.0.0.1:9200")
    assert "s3cret" not in str(refused.value)


def test_the_key_comes_from_the_environment_or_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WARTA_ELASTICSEARCH_API_KEY", "a2V5")
    assert api_key(IndexSettings()).headers() == {"authorization": "ApiKey a2V5"}
    monkeypatch.delenv("WARTA_ELASTICSEARCH_API_KEY")
    file = tmp_path / "elasticsearch_api_key"
    file.write_text("ZmlsZQ==\n", encoding="utf-8")
    monkeypatch.setenv("WARTA_ELASTICSEARCH_API_KEY_FILE", str(file))
    assert api_key(IndexSettings()).headers() == {"authorization": "ApiKey ZmlsZQ=="}


def test_a_rotated_file_is_taken_up_once(tmp_path: Path) -> None:
    file = tmp_path / "elasticsearch_api_key"
    file.write_text("b2xk", encoding="utf-8")
    settings = ElasticsearchSettings(elasticsearch_api_key="b2xk", elasticsearch_api_key_file=file)
    credentials = api_key(settings)
    assert not credentials.renew()
    file.write_text("bmV3", encoding="utf-8")
    assert credentials.renew()
    assert credentials.headers() == {"authorization": "ApiKey bmV3"}
    file.unlink()
    assert not credentials.renew()


def test_setup_logs_in_with_user_and_password() -> None:
    settings = SetupSettings(elasticsearch_password="geheim")
    assert administrator(settings).headers() == {"authorization": "Basic ZWxhc3RpYzpnZWhlaW0="}


def test_without_a_key_no_header_is_sent() -> None:
    assert api_key(ElasticsearchSettings()).headers() == {}


def test_secrets_do_not_show() -> None:
    settings = SetupSettings(elasticsearch_password="geheim", elasticsearch_api_key="a2V5")
    shown = f"{settings!r} {api_key(settings)!r} {administrator(settings)!r} {of_key('a2V5')!r}"
    assert "geheim" not in shown
    assert "a2V5" not in shown


def test_a_batch_is_given_back_before_the_delivery_gives_up_on_it() -> None:
    settings = IndexSettings()
    assert settings.elasticsearch_timeout < settings.write_deadline < settings.batch_timeout


def test_limits_follow_the_settings() -> None:
    settings = IndexSettings(
        bulk_docs=7, bulk_bytes=10_000, bulk_in_flight=3, elasticsearch_timeout=4, write_deadline=9
    )
    assert BulkLimits.of(settings) == BulkLimits(
        docs=7, bytes=10_000, in_flight=3, request_timeout=4, deadline=9
    )
