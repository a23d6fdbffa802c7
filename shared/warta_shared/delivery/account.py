"""What became of a batch, for operators: counted by outcome and reason, and told in the log.

What needs a person has a warning each. Else a small batch has a line for each message, a large one a line for each
outcome with their number, and for each message only at DEBUG: a line costs as much as indexing an article (40 us).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from warta_shared.delivery.commit import Received
from warta_shared.delivery.outcome import Dead, Outcome, Publish, Retry, label, word
from warta_shared.events.traceparent import trace_id
from warta_shared.telemetry import metrics

log = logging.getLogger(__name__)

# Messages of a batch that are told one by one: all of them on an ordinary day.
FEW = 10

# Received, its outcome, and whether it was this worker's to settle.
Final = tuple[Received, Outcome, bool]


@contextmanager
def in_hand(hop: str, messages: int) -> Iterator[None]:
    """Count a batch as it comes, and as in flight until it is settled."""
    metrics.RECEIVED.labels(hop).inc(messages)
    metrics.BATCH_MESSAGES.labels(hop).observe(messages)
    in_flight = metrics.IN_FLIGHT.labels(hop)
    in_flight.inc(messages)
    try:
        yield
    finally:
        in_flight.dec(messages)


def account(hop: str, final: Sequence[Final], seconds: float) -> None:
    """Count a settled batch; `seconds` from its arrival to its commit."""
    counts: Counter[tuple[str, str]] = Counter()
    quiet: Counter[tuple[str, str]] = Counter()
    usual = logging.INFO if len(final) <= FEW else logging.DEBUG
    for received, outcome, ours in final:
        name = word(outcome) if ours else "superseded"
        reason = "" if isinstance(outcome, Publish) or not ours else outcome.reason
        counts[(name, reason)] += 1
        level = _level(outcome, usual, ours=ours)
        if log.isEnabledFor(level):
            _log(level, name, hop, received, outcome)
        elif not (ours and isinstance(outcome, Retry)):
            quiet[(name, reason)] += 1
    for (name, reason), number in counts.items():
        metrics.MESSAGES.labels(hop, name, label(reason) if reason else "").inc(number)
    metrics.BATCH_SECONDS.labels(hop).observe(seconds)
    for (name, reason), number in quiet.items():
        log.info(name, extra={"hop": hop, "messages": number} | ({"reason": label(reason)} if reason else {}))
    _log_unblamed(hop, final)
    log.debug("batch", extra={"hop": hop, "messages": len(final), "seconds": round(seconds, 4)})


def _level(outcome: Outcome, usual: int, *, ours: bool) -> int:
    """Retries without blame have a warning for all of them (`_log_unblamed`)."""
    if not ours:
        return usual
    if isinstance(outcome, Retry) and not outcome.blame:
        return logging.DEBUG
    return logging.WARNING if isinstance(outcome, Dead | Retry) else usual


def _log(level: int, name: str, hop: str, received: Received, outcome: Outcome) -> None:
    told = {
        "hop": hop,
        "entry_id": received.entry_id.decode(),
        "article_id": received.article_id,
        "trace_id": trace_id(received.traceparent),
        "deliveries": received.deliveries,
    }
    if not isinstance(outcome, Publish):
        told["reason"] = label(outcome.reason) if outcome.reason else ""
    if isinstance(outcome, Dead | Retry):
        told["detail"] = outcome.detail[:500]
    log.log(level, name, extra=told)


def _log_unblamed(hop: str, final: Sequence[Final]) -> None:
    """One line a reason: what is at fault is not the message, and it concerns whole batches."""
    waiting = [o for _, o, ours in final if ours and isinstance(o, Retry) and not o.blame]
    for reason, number in Counter(outcome.reason for outcome in waiting).items():
        detail = next(outcome.detail for outcome in waiting if outcome.reason == reason)
        extra = {"hop": hop, "reason": label(reason), "detail": detail[:500], "messages": number}
        log.warning("retry", extra=extra)
