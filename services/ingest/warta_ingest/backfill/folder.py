"""A folder of saved pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, urljoin

from warta_ingest.backfill.item import Copy, Item, Refused

ENDINGS = frozenset({".html", ".htm", ".xhtml"})


def page_files(folder: Path) -> list[Path]:
    """Every page below the folder, in an order that is the same each time."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())


def saved_pages(folder: Path, files: Sequence[Path], site: str, byte_cap: int) -> Iterator[Item]:
    """Their contents. `site`: the address that the folder stands for, '' where only the pages tell theirs."""
    for path in files:
        name = path.relative_to(folder).as_posix()
        yield Item(name, _content(path, urljoin(site, quote(name)) if site else "", byte_cap))


def _content(path: Path, url: str, byte_cap: int) -> Copy | Refused:
    try:
        with path.open("rb") as file:
            body = file.read(byte_cap + 1)
    except OSError as error:
        return Refused("unreadable", error.strerror or type(error).__name__)
    if len(body) > byte_cap:
        return Refused("too-large", f"more than {byte_cap:,} bytes")
    return Copy(url, body)
