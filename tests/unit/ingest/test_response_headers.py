"""Retry-After, freshness, validators and types, as servers write them."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from warta_ingest.fetcher.errors import FetchError, status_error
from warta_ingest.fetcher.response_headers import (
    check_length,
    check_text_type,
    kept_headers,
    max_age,
    retry_after,
    validator,
)

NOW = datetime(2026, 8, 17, 10, 0, tzinfo=UTC)


def headers(**fields: str) -> httpx.Headers:
    return httpx.Headers({name.replace("_", "-"): value for name, value in fields.items()})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("0", 0), ("1.5", 1.5), ("Mon, 17 Aug 2026 10:01:40 GMT", 100), ("99999999999", None),
     ("9999999999", 2_592_000), ("Mon, 17 Aug 2026 09:00:00 GMT", 0), ("soon", None), ("-5", None), ("", None),
     ("Sun Aug 17 10:00:00 99999", None)],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(headers(retry_after=value), NOW) == seconds


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [({"cache_control": "public, max-age=300"}, 300), ({"cache_control": "MAX-AGE = 9999999999"}, 2_592_000),
     ({"cache_control": "no-cache"}, 0), ({"cache_control": "max-age=60, no-store"}, 0), ({}, None),
     ({"cache_control": "s-maxage=600"}, None), ({"expires": "Mon, 17 Aug 2026 10:05:00 GMT"}, 300),
     ({"expires": "Mon, 17 Aug 2026 10:05:00 GMT", "date": "Mon, 17 Aug 2026 10:04:00 GMT"}, 60),
     ({"expires": "0"}, None), ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0)],
)  # fmt: skip
def test_max_age(fields: dict[str, str], seconds: int | None) -> None:
    assert max_age(headers(**fields), NOW) == seconds


def test_validators_are_kept_as_they_came_within_reason() -> None:
    assert validator(headers(etag='W/"a b"'), "etag") == 'W/"a b"'
    assert validator(headers(etag='"' + "x" * 600 + '"'), "etag") is None
    assert validator(httpx.Headers({b"etag": b"\xe9"}), "etag") is None
    assert validator(headers(), "etag") is None


def test_few_headers_are_kept_and_they_are_cut() -> None:
    kept = kept_headers(httpx.Headers({"Content-Type": "t" * 9_000, "Set-Cookie": "a=b", "X-Any": "1"}))
    assert {name: len(value) for name, value in kept.items()} == {"content-type": 2_000}


@pytest.mark.parametrize(
    "kind", ["image/png", "video/mp4", "application/pdf", "Application/ZIP", "font/woff2"]
)
def test_types_without_text(kind: str) -> None:
    with pytest.raises(FetchError, match="unsupported-type"):
        check_text_type(headers(content_type=kind))


@pytest.mark.parametrize("kind", ["text/html; charset=x", "application/octet-stream", "", "image/svg+xml", "text/plain",
                                  "application/rss+xml", "application/feed+json", "nonsense"])  # fmt: skip
def test_types_that_may_hold_text(kind: str) -> None:
    check_text_type(headers(content_type=kind))


def test_an_announced_length_is_believed_only_when_it_is_too_much() -> None:
    for length in ("10", "-1", "many", "1e9", ""):
        check_length(headers(content_length=length), 10)
    for length in ("11", "9" * 5_000):
        with pytest.raises(FetchError, match="too-large"):
            check_length(headers(content_length=length), 10)


def test_statuses_make_few_labels() -> None:
    labels = {status_error(status).reason for status in range(1_000)}
    assert {"http-404", "http-503", "http-4xx", "http-5xx", "http-other"} <= labels
    assert len(labels) < 45
