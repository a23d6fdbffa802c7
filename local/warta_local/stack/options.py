"""What can be chosen about a local stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from warta_local.redis_server.engine import EngineChoice
from warta_local.supervisor import LONGEST_PAUSE


@dataclass(frozen=True, slots=True)
class StackOptions:
    """`folder` keeps everything. `http_port`: of the push API, 0 for the one of last time or a free one.

    `environment`: more variables for the services (WARTA_FEEDS_FILE, WARTA_LOG_LEVEL ...), on top of ours;
    where the servers are and how to enter them is set by the stack itself. `longest_pause`: seconds before what
    ended is started again, at the most.
    """

    folder: Path
    engine: EngineChoice = "auto"
    http_port: int = 0
    heap_megabytes: int = 512
    environment: Mapping[str, str] = field(default_factory=dict)
    longest_pause: float = LONGEST_PAUSE
