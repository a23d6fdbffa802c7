"""Links as feeds write them into absolute ones."""

from __future__ import annotations

from urllib.parse import urljoin

from warta_ingest.text.plain import without_controls


def joined(base: str, target: str | None) -> str | None:
    """`target` seen from `base`, without what no URL holds; None for no target, or one that cannot be read as a URL."""
    wanted = "".join(without_controls(target or "").split())
    if not wanted:
        return None
    try:
        return urljoin(base, wanted)
    except ValueError:
        return None
