"""The `traceparent` of an entry: https://www.w3.org/TR/trace-context/#traceparent-header."""

from __future__ import annotations

import os
import re

WRITTEN = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def new_traceparent() -> str:
    """Of a trace that begins here and that nobody records: it tells an article's log lines from others'."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-00"


def read_traceparent(written: str) -> str:
    """What anyone wrote; '' where it is none (4.3: what cannot be read is ignored)."""
    return written if WRITTEN.fullmatch(written) else ""


def trace_id(traceparent: str) -> str:
    """The 32 hexadecimal digits that all steps of a trace share; '' for none."""
    return traceparent[3:35]
