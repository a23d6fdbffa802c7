"""Which model it was: its name and a checksum of all its files, as events say it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

_NOT_IN_SLUG = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_MAX = 100


def model_slug(backend: str, folder: Path) -> str:
    """`spacy-news_id-1f3a5b7c`: backend, folder, and the first digits of a SHA-256 over names and contents."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    name = _NOT_IN_SLUG.sub("-", f"{backend}-{folder.resolve().name}")[:_NAME_MAX]
    return f"{name}-{digest.hexdigest()[:8]}"
