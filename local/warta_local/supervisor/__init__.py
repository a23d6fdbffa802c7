"""Keeps processes running: starts them in order, restarts what ends, stops all in the reverse order."""

from warta_local.supervisor.program import Program, http_problem
from warta_local.supervisor.supervised import LONGEST_PAUSE, Look, Phase, Supervised
from warta_local.supervisor.supervisor import NotReady, Supervisor

__all__ = [
    "LONGEST_PAUSE",
    "Look",
    "NotReady",
    "Phase",
    "Program",
    "Supervised",
    "Supervisor",
    "http_problem",
]
