"""Secrets: made at random before anything starts, one folder for each reader, never a default."""

from warta_shared.secrets.generate import READERS, write_secrets

__all__ = ["READERS", "write_secrets"]
