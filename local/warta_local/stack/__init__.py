"""The whole system in one folder, without Docker.

options -> folder, occupancy -> choices (ports, engine) -> secrets -> servers -> index_setup -> services;
record and client_env tell others what runs and how to reach it.
"""

from warta_local.stack.folder import StackFolder
from warta_local.stack.local_stack import LocalStack, StackFailed
from warta_local.stack.occupancy import Occupied
from warta_local.stack.options import StackOptions
from warta_local.stack.record import Record, read_record

__all__ = [
    "LocalStack",
    "Occupied",
    "Record",
    "StackFailed",
    "StackFolder",
    "StackOptions",
    "read_record",
]
