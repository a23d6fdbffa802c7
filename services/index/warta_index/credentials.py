"""Who we are to Elasticsearch. The secret leaves this module only as an `Authorization` header."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from warta_index.settings import ElasticsearchSettings, SetupSettings

Reread = Callable[[], str | None]


class Credentials:
    """The `Authorization` header, and where to look again when Elasticsearch refuses it."""

    def __init__(self, header: str | None = None, reread: Reread | None = None) -> None:
        self._header = header
        self._reread = reread

    def __repr__(self) -> str:
        return f"Credentials({'given' if self._header else 'none'})"

    def headers(self) -> dict[str, str]:
        """The headers to send: none where the cluster has no security."""
        return {"authorization": self._header} if self._header else {}

    def renew(self) -> bool:
        """Read the key's file again; True when it holds another key than the one in use."""
        header = self._reread() if self._reread else None
        if header is None or header == self._header:
            return False
        self._header = header
        return True


def api_key(settings: ElasticsearchSettings) -> Credentials:
    """The key of a service or of an operator; from its file again after a 401."""
    path = settings.elasticsearch_api_key_file
    key = settings.elasticsearch_api_key
    header = _api_key_header(key.get_secret_value()) if key else None
    return Credentials(header, (lambda: _header_in(path)) if path else None)


def administrator(settings: SetupSettings) -> Credentials:
    """User and password of `warta setup`; an API key where no password is given."""
    if settings.elasticsearch_password is None:
        return api_key(settings)
    return Credentials(_basic_header(settings.elasticsearch_username, settings.elasticsearch_password))


def of_key(encoded: str) -> Credentials:
    """One encoded API key, to ask whether it is still good."""
    return Credentials(_api_key_header(encoded))


def _api_key_header(encoded: str) -> str:
    return f"ApiKey {encoded.strip()}"


def _basic_header(user: str, password: SecretStr) -> str:
    pair = f"{user}:{password.get_secret_value()}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def _header_in(path: Path) -> str | None:
    try:
        return _api_key_header(path.read_text(encoding="utf-8"))
    except OSError:
        return None
