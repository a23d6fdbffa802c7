"""`warta setup`: brings Elasticsearch to what this release wants, part by part, and says where it differs."""

from warta_index.setup.part import Part, PartReport, SetupError, State, check, install
from warta_index.setup.plan import READERS, plan
from warta_index.setup.readiness import wait_until_ready

__all__ = [
    "READERS",
    "Part",
    "PartReport",
    "SetupError",
    "State",
    "check",
    "install",
    "plan",
    "wait_until_ready",
]
