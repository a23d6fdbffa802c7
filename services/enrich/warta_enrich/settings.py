"""What the enrich service can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from warta_enrich.backends.kinds import Kind
from warta_shared.settings import ServiceSettings, WartaSettings

BUILT_IN = "builtin"


class NameSettings(WartaSettings):
    """Which model finds names in texts.

    `ner_backend`: the built-in tagger, `spacy`, `transformers`, `gliner`, or what another package offers.
    `ner_model`: the folder of the model; the built-in tagger brings its own. `ner_labels`: what labels mean (person,
    organisation, place, law, none), beside those that are known. `ner_characters`: how much of a text a backend
    reads, which bounds its time.
    """

    ner_backend: Annotated[str, Field(min_length=1)] = BUILT_IN
    ner_model: Path | None = None
    ner_labels: dict[str, Kind] = Field(default_factory=dict)
    ner_characters: Annotated[int, Field(ge=1_000, le=100_000)] = 20_000


class EnrichSettings(ServiceSettings, NameSettings):
    """`tables_dir`: a folder with the operator's own tables, read beside those that come with Warta.

    `story_window_days`: how far apart two near-copies may be to be one story; what is remembered of articles takes
    some kilobyte of Redis each, for up to twice as long.
    """

    tables_dir: Path | None = None
    story_window_days: Annotated[float, Field(gt=0.0, le=60.0)] = 7.0
