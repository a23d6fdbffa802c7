"""What the enrich service can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from warta_shared.settings import ServiceSettings


class EnrichSettings(ServiceSettings):
    """`tables_dir`: a folder with the operator's own tables, read beside those that come with Warta.

    `story_window_days`: how far apart two near-copies may be to be one story; what is remembered of articles takes
    some kilobyte of Redis each, for up to twice as long.
    """

    tables_dir: Path | None = None
    story_window_days: Annotated[float, Field(gt=0.0, le=60.0)] = 7.0
