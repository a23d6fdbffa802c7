"""One target for so many seconds: what is wrong with an input, and where it is kept."""

from __future__ import annotations

import faulthandler
import hashlib
import logging
import random
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType

import psutil

from fuzz.mutation import mutated
from fuzz.targets import TARGETS, Target

FOUND = Path(__file__).with_name("found")
# Of the processor's time. A parser is ended after 8 s in production; a fourth of that is a finding already.
HANG_SECONDS = 2
WARM_EXAMPLES = 3_000
GROWTH_BYTES = 150_000_000


class Hang(BaseException):
    """One input took too long."""


def fuzz(name: str, seconds: float, seed: int) -> int:
    """How many findings of one target."""
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGPROF, _hang)
    faulthandler.enable()
    target, chance, ends = TARGETS[name], random.Random(f"{name}/{seed}"), time.monotonic() + seconds
    findings: set[str] = set()
    tried, warm, slowest = 0, 0, 0.0
    while time.monotonic() < ends:
        text = mutated(chance, target.corpus, target.words)
        began = time.monotonic()
        if problem := tell(target, text):
            _keep(target, text, problem, findings)
        tried, slowest = tried + 1, max(slowest, time.monotonic() - began)
        if tried == WARM_EXAMPLES:
            warm = psutil.Process().memory_info().rss
    growth = psutil.Process().memory_info().rss - warm if warm else 0
    if growth > GROWTH_BYTES:
        findings.add("memory")
    print(
        f"{name}: {tried:,} inputs, seed {seed}, slowest {slowest:.2f} s, memory grew by {growth / 1e6:.0f} MB, "
        f"{len(findings)} findings {sorted(findings)}",
        flush=True,
    )
    return len(findings)


def tell(target: Target, text: bytes) -> str:
    """What is wrong with this input, '' for nothing."""
    signal.setitimer(signal.ITIMER_PROF, HANG_SECONDS)
    try:
        target.check(text)
    except Hang:
        return "hang"
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}"[:300]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def _keep(target: Target, text: bytes, problem: str, findings: set[str]) -> None:
    """One file for each kind of finding."""
    kind = problem.partition(": ")[0]
    if kind in findings:
        return
    findings.add(kind)
    path = FOUND / f"{target.name}-{hashlib.sha256(text).hexdigest()[:12]}"
    path.write_bytes(text)
    print(f"{target.name}: {problem!r}\n  kept as {path}", file=sys.stderr, flush=True)


def _hang(_number: int, _frame: FrameType | None) -> None:
    raise Hang
