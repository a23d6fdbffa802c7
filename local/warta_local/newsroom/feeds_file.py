"""The feeds file by which ingest follows the newsroom."""

from __future__ import annotations

from typing import Any

import yaml

from warta_local.newsroom.feeds import FEEDS, FeedSpec

DEMO_INTERVAL = (5, 60)

# Media Topics (https://cv.iptc.org/newscodes/mediatopic/) by the outlets' own section names.
SECTION_TOPICS = {
    "kabar": {
        "Ekonomi": "04000000",
        "Energi": "20000256",
        "Infrastruktur": "20001245",
        "Ketenagakerjaan": "09000000",
        "Pasar Modal": "20000385",
        "Politik": "11000000",
        "Hukum": "02000000",
        "Bencana": "03000000",
        "Olahraga": "15000000",
        "Budaya": "01000000",
    },
    "post": {
        "Business": "04000000",
        "Markets": "20000385",
        "Energy": "20000256",
        "Trade": "20000373",
        "Labour": "09000000",
        "Policy": "11000000",
        "Politics": "11000000",
        "Law": "02000000",
        "Disaster": "03000000",
        "Sport": "15000000",
    },
    "pesisir": {"Ekonomi": "04000000", "Bencana": "03000000", "Budaya": "01000000"},
}


class _Code(str):
    """A topic code in the file: always in quotes, since some readers take a bare 09000000 for a number."""


class _Dumper(yaml.SafeDumper):
    """Writes `_Code` in double quotes."""


_Dumper.add_representer(
    _Code, lambda dumper, code: dumper.represent_scalar("tag:yaml.org,2002:str", str(code), style='"')
)


def feeds_yaml(base_url: str, interval: tuple[int, int] = DEMO_INTERVAL) -> str:
    """The feeds file as YAML text; `interval` is the least and most seconds between two polls of a feed."""
    feeds = [_feed(spec, base_url.rstrip("/"), interval) for spec in FEEDS]
    return yaml.dump({"feeds": feeds}, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def _feed(spec: FeedSpec, base: str, interval: tuple[int, int]) -> dict[str, Any]:
    feed: dict[str, Any] = {
        "id": spec.id,
        "url": base + spec.path,
        "name": spec.outlet.name if spec.outlet else "Google Alerts",
        "source": spec.source,
        "country": "ID",
    }
    if spec.outlet:
        topics = SECTION_TOPICS[spec.outlet.id]
        feed["language"] = spec.outlet.language
        feed["sections"] = {section: _Code(code) for section, code in topics.items()}
    return feed | {"interval": {"min": interval[0], "max": interval[1]}}
