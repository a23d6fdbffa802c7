"""What the enrich service can be told."""

from __future__ import annotations

from pathlib import Path

from warta_shared.settings import ServiceSettings


class EnrichSettings(ServiceSettings):
    """`tables_dir`: a folder with the operator's own tables, read beside those that come with Warta."""

    tables_dir: Path | None = None
