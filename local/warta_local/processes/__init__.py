"""Real processes started from Python: each in a group of its own, none outliving us."""

from warta_local.processes.account import Account, account_for_servers
from warta_local.processes.child import Child, ProcessEnded
from warta_local.processes.ports import PortTaken, free_port, require_free

__all__ = [
    "Account",
    "Child",
    "PortTaken",
    "ProcessEnded",
    "account_for_servers",
    "free_port",
    "require_free",
]
