"""Links as feeds write them into absolute ones."""

from __future__ import annotations

from urllib.parse import urljoin


def joined(base: str, target: str | None) -> str | None:
    """`target` seen from `base`; None for no target, or one that cannot be read as a URL."""
    wanted = "".join((target or "").split())
    if not wanted:
        return None
    try:
        return urljoin(base, wanted)
    except ValueError:
        return None
