"""Parsers of strangers' bytes run in worker processes with limits of time and memory, and are killed beyond."""

from warta_ingest.parser_pool.pool import ParserKilled, ParserPool

__all__ = ["ParserKilled", "ParserPool"]
