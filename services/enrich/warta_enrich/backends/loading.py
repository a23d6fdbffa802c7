"""From settings to a backend that the pipeline reads names from; every mistake is told at the start."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points, requires
from pathlib import Path

from warta_enrich.backends.checksum import model_slug
from warta_enrich.backends.contract import GROUP, Backend, BackendError, ModelChoice
from warta_enrich.backends.guard import Guard
from warta_enrich.backends.kinds import LabelMap
from warta_enrich.backends.token_names import BackendNames
from warta_enrich.settings import NameSettings

_EXTRA = re.compile(r"""^(?P<requirement>[^;]+);\s*extra\s*==\s*['"](?P<extra>[\w-]+)['"]$""")
# Models come from folders alone: the libraries of the Hugging Face hub must not even ask it for a newer one.
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def load_names(settings: NameSettings) -> tuple[BackendNames, str]:
    """The backend that the settings name, in the tagger's place, and the slug of its model for events.

    Raises BackendError: no such backend, its packages or the folder missing, a model that cannot be read or whose
    labels mean nothing.
    """
    labels = LabelMap(settings.ner_labels)
    backend = load_backend(settings, labels)
    labels.check(backend.labels)
    return BackendNames(backend, labels), model_slug(settings.ner_backend, model_folder(settings))


def load_backend(settings: NameSettings, labels: LabelMap) -> Guard:
    """The backend behind its guard."""
    entry = _entry_point(settings.ner_backend)
    folder = model_folder(settings)
    os.environ.update(_OFFLINE)
    try:
        load: Callable[[ModelChoice], Backend] = entry.load()
        backend = load(ModelChoice(folder, labels.asked))
    except ImportError as error:
        raise BackendError(_what_to_install(settings.ner_backend, error)) from error
    except BackendError:
        raise
    except Exception as error:  # libraries raise all kinds; whichever, the service cannot start
        raise BackendError(
            f"the backend {settings.ner_backend} cannot read the model in {folder}: {type(error).__name__}: {error}"[
                :600
            ]
        ) from error
    return Guard(backend, settings.ner_characters)


def model_folder(settings: NameSettings) -> Path:
    """The folder that WARTA_NER_MODEL names. Raises BackendError where there is none."""
    if settings.ner_model is None:
        raise BackendError(
            f"the backend {settings.ner_backend} needs WARTA_NER_MODEL, the folder of its model"
        )
    if not settings.ner_model.is_dir():
        raise BackendError(
            f"WARTA_NER_MODEL: {settings.ner_model} is no folder; models are never downloaded, put it there"
        )
    return settings.ner_model


def _entry_point(name: str) -> EntryPoint:
    known = entry_points(group=GROUP)
    if name not in known.names:
        raise BackendError(
            f"WARTA_NER_BACKEND: no backend {name!r}; there are {', '.join(sorted(known.names))}"
        )
    return known[name]


def _what_to_install(backend: str, error: ImportError) -> str:
    """What is missing, and for our own backends the command that brings it."""
    found = (_EXTRA.match(line) for line in requires("warta-enrich") or ())
    wanted = [match["requirement"].strip() for match in found if match and match["extra"] == backend]
    advice = f"; in the service's environment: pip install {' '.join(map(repr, wanted))}" if wanted else ""
    return f"the backend {backend} needs packages that are not installed ({error}){advice}"
