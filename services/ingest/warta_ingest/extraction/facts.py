"""What a page says about its article, from one place in it; places are joined, the better one first."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from warta_ingest.extraction.instants import Moment


@dataclass(frozen=True, slots=True)
class Facts:
    """None or empty where that place says nothing; `sites` are the outlet's names for itself, `text` the body."""

    title: str | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    image_url: str | None = None
    sections: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    text: str | None = None

    def completed_by(self, other: Facts) -> Facts:
        """These facts, with the other's where these are silent; an hour refines a day."""
        gaps = {f.name: getattr(other, f.name) for f in fields(self) if not getattr(self, f.name)}
        for name in ("published", "modified"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine and theirs and mine.is_refined_by(theirs):
                gaps[name] = theirs
        gaps["sites"] = self.sites + other.sites
        return replace(self, **gaps)
