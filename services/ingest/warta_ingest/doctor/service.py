"""Whether ingest answers, and what it says keeps it from its work."""

from __future__ import annotations

import httpx

from warta_ingest.cli.push import PushSettings
from warta_shared.doctor.finding import Finding, failed, ok

PATIENCE_SECONDS = 5.0


async def examine() -> list[Finding]:
    """Asks /health/ready at WARTA_INGEST_URL."""
    address = PushSettings().ingest_url.rstrip("/")
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as client:
            answer = await client.get(f"{address}/health/ready")
            problems = answer.json()["problems"]
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        advice = "Is ingest running, and is WARTA_INGEST_URL right?"
        return [failed("ingest", f"{address}: no answer: {error}"[:200], advice, unreachable=True)]
    except (ValueError, KeyError, TypeError):
        return [failed("ingest", f"{address}: something else answers there", "Mend WARTA_INGEST_URL.")]
    return readiness_findings(problems)


def readiness_findings(problems: dict[str, str]) -> list[Finding]:
    """Of what /health/ready names: by name what is wrong."""
    if not problems:
        return [ok("ingest", "ready")]
    advice = "See 'What to do when' in docs/operating.md, and ingest's log."
    return [failed("ingest", f"{name}: {problem}"[:300], advice) for name, problem in problems.items()]
