"""What the headers of an answer say, within bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType

import httpx

from warta_ingest.fetcher.errors import FetchError

_KEPT = (
    "content-type", "content-language", "cache-control", "date", "expires", "etag", "last-modified",
    "link", "retry-after", "x-robots-tag",
)  # fmt: skip
_VALUE_MAX = 2_000
_VALIDATOR_MAX = 500
_SECONDS_MAX = 30 * 86_400
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,10})', re.IGNORECASE)
_UNCACHED = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)
_NO_TEXT = re.compile(
    r"(?:image/(?!svg)|audio/|video/|font/|model/)"
    r"|application/(?:pdf|zip|x-zip|x-rar|vnd\.rar|x-7z|x-tar|msword|vnd\.(?!google)[\w.-]*(?:officedocument|ms-)"
    r"|wasm|x-shockwave|java-archive|epub|postscript|x-apple-diskimage|vnd\.android)"
)


def kept_headers(headers: httpx.Headers) -> Mapping[str, str]:
    """The few headers that matter later, by lower-case name, cut to 2,000 characters."""
    return MappingProxyType({name: headers[name][:_VALUE_MAX] for name in _KEPT if name in headers})


def validator(headers: httpx.Headers, name: str) -> str | None:
    """The ETag or Last-Modified to send back as it came; None when it is absent or absurdly long."""
    value = headers.get(name, "").strip()
    return value if 0 < len(value) <= _VALIDATOR_MAX and value.isascii() and value.isprintable() else None


def retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """Seconds to wait by Retry-After, given in seconds or as a date (RFC 9110, 10.2.3); at most 30 days."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,10}(\.\d{1,6})?", value):
        return min(float(value), _SECONDS_MAX)
    moment = _http_date(value)
    return None if moment is None else min(max((moment - now).total_seconds(), 0.0), _SECONDS_MAX)


def max_age(headers: httpx.Headers, now: datetime) -> int | None:
    """Seconds for which the answer stays fresh, by Cache-Control, else Expires (RFC 9111, 4.2.1)."""
    control = headers.get("cache-control", "")
    if _UNCACHED.search(control):
        return 0
    if found := _MAX_AGE.search(control):
        return min(int(found[1]), _SECONDS_MAX)
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return None
    sent = _http_date(headers.get("date", "")) or now
    return int(min(max((expires - sent).total_seconds(), 0), _SECONDS_MAX))


def check_text_type(headers: httpx.Headers) -> None:
    """Raise FetchError when the answer says that it is a picture, a film, an archive: no text to read."""
    content_type = headers.get("content-type", "").strip().lower()
    if _NO_TEXT.match(content_type):
        raise FetchError("unsupported-type", f"content-type is {content_type!r:.80}")


def check_length(headers: httpx.Headers, cap: int) -> None:
    """Raise FetchError when the server announces more bytes than the cap: nothing need be read then."""
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > cap:
        raise FetchError("too-large", f"{length[:20]} bytes announced, at most {cap:,}")


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value[:100])
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
