"""One spelling for the many URLs of a page (RFC 3986, section 6, and what publishers do to their links)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from tld import get_fld
from w3lib.url import canonicalize_url

from warta_ingest.sameness.tracking import is_tracking
from warta_shared.events.fields import URL_MAX

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]+")
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_HOST_MAX = 253
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?]*", re.IGNORECASE)


class BadUrlError(ValueError):
    """It is no web address of an article, and never will be."""


def canonical_url(url: str) -> str:
    """The URL as it is compared, stored and fetched; raises BadUrlError.

    Lower-case scheme and host, no default port, user, fragment, dot segments or tracking parameters, sorted
    query, one way of escaping. `amp.` and `m.` hosts stay: only the page itself may say what its address is.
    """
    try:
        parts = _web_address(url)
        netloc = _netloc(parts)
        path = _PATH_SESSION.sub("", parts.path)
        cleaned = urlunsplit((parts.scheme, netloc, path, _without_tracking(parts.query), ""))
        spelled = canonicalize_url(cleaned)
        _check_host(urlsplit(spelled).hostname or "")
    except (ValueError, UnicodeError) as error:
        raise BadUrlError(f"not a web address: {url!r:.200}") from error
    if len(spelled) > URL_MAX or any(character.isspace() for character in spelled):
        raise BadUrlError(f"longer than {URL_MAX} characters or with spaces: {url!r:.200}")
    return spelled


def choose_canonical(page_url: str, canonical_link: str | None) -> str:
    """The address of the page at `page_url` (after redirects), given its rel=canonical; raises BadUrlError.

    The page is believed only within its own site, and not when it names the home page of the site: a
    publisher's usual mistake, which would make all of its articles one.
    """
    own = canonical_url(page_url)
    if not canonical_link:
        return own
    try:
        claimed = canonical_url(urljoin(page_url, canonical_link.strip()))
    except ValueError:
        return own
    is_home = urlsplit(claimed).path == "/" and not urlsplit(claimed).query
    return claimed if not is_home and registrable_site(claimed) == registrable_site(own) else own


def registrable_site(url: str) -> str:
    """Who answers for a URL: `detik.com` of news.detik.com by the Public Suffix List, else host and port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not _is_address(host):
        domain = get_fld(f"http://{host}/", fail_silently=True, search_private=True)
        if isinstance(domain, str):
            return domain
    return f"{host}:{parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)}"


def _web_address(url: str) -> SplitResult:
    parts = urlsplit(_UNPRINTABLE.sub(lambda run: "%20" if set(run[0]) == {" "} else "", url.strip()))
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("only http and https have articles")
    return parts


def _check_host(host: str) -> None:
    """Refuse what no resolver can know: `a..b`, `x.com\\`, labels beyond 63 characters (RFC 1035, 2.3.4)."""
    if not _is_address(host) and (len(host) > _HOST_MAX or not _HOST.fullmatch(host)):
        raise ValueError("no such host can exist")


def _netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host or "\\" in parts.netloc:  # browsers and libraries disagree on where such a host ends
        raise ValueError("no host")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _without_tracking(query: str) -> str:
    kept = [pair for pair in query.split("&") if pair and not is_tracking(pair.partition("=")[0])]
    return "&".join(kept)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
