"""Who may do what: no more than the job needs."""

from __future__ import annotations

from typing import Any

from warta_index.schema import names

# To follow the changes: the checkpoint, and that everything up to it can be found. Both are single actions; the
# privileges `monitor` and `maintenance` would allow much more.
CHANGES = ("indices:monitor/stats*", "indices:admin/refresh*")

ROLES: dict[str, dict[str, Any]] = {
    "warta_indexer": {
        "cluster": ["monitor"],
        "indices": [{"names": ["articles-*"], "privileges": ["index", "view_index_metadata"]}],
    },
    "warta_reader": {
        "cluster": [],
        "indices": [{"names": [names.ALL_PATTERN], "privileges": ["read", "view_index_metadata", *CHANGES]}],
    },
    "warta_exporter": {
        "cluster": ["monitor"],
        "indices": [{"names": [names.ALL_PATTERN], "privileges": ["monitor"]}],
    },
}

READERS = {"index": "warta_indexer", "operator": "warta_reader", "exporter": "warta_exporter"}
"""Who reads a key file, and the role that this key has."""
