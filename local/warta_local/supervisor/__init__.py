"""Keeps processes running: starts them in order, restarts what ends, stops all in the reverse order."""

from warta_local.supervisor.program import Program, http_problem
from warta_local.supervisor.supervised import Look, Phase, Supervised
from warta_local.supervisor.supervisor import NotReady, Supervisor

__all__ = ["Look", "NotReady", "Phase", "Program", "Supervised", "Supervisor", "http_problem"]
