"""One article through the three services: its spans at a collector, its lines in the logs."""

from __future__ import annotations

import json
import secrets
from functools import partial
from typing import Any

import httpx

from commands import run_warta
from fixtures_stack import Running
from trace_collector import CaughtSpan
from waiting import eventually

BODY = "The ministry published the budget of the province on Monday. " * 5


def pushed(running: Running, traceparent: str) -> str:
    article = {"external_id": secrets.token_hex(8), "title": "A budget", "body": BODY, "source": "TRACED"}
    answer = httpx.post(
        f"{running.ingest_url}/v1/articles",
        json=[article],
        headers={"authorization": f"Bearer {running.push_key}", "traceparent": traceparent},
        timeout=10,
        trust_env=False,
    )
    return str(answer.raise_for_status().json()["results"][0]["id"])


def spans_of(running: Running, trace: str) -> dict[tuple[str, str], CaughtSpan]:
    return {
        (span.service, span.name): span
        for span in running.collector.spans
        if span.trace == trace or trace in span.links
    }


def command(running: Running, *arguments: str) -> str:
    done = run_warta(running.environment(), *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_trace_leads_through_all_services(running: Running) -> None:
    trace = secrets.token_hex(16)
    article = pushed(running, f"00-{trace}-{secrets.token_hex(8)}-01")
    wanted = {
        ("warta-ingest", "create articles.raw"),
        ("warta-enrich", "process articles.raw"),
        ("warta-index", "process articles.enriched"),
    }
    eventually(lambda: set(spans_of(running, trace)) == wanted, 30)
    found = spans_of(running, trace)
    made = found["warta-ingest", "create articles.raw"]
    assert (made.trace, made.attributes["messaging.message.id"]) == (trace, article)
    worked = found["warta-index", "process articles.enriched"]
    assert worked.trace != trace
    assert worked.attributes["messaging.consumer.group.name"] == "index"
    assert worked.attributes["warta.outcome.done"] >= 1


def lines(running: Running, service: str, where: str) -> list[dict[str, Any]]:
    text = command(running, "logs", "--json", "--where", where, log_file(running, service))
    return [json.loads(line) for line in text.splitlines()]


def log_file(running: Running, service: str) -> str:
    return str(running.stack.folder.log(service))


def test_what_became_of_an_article_is_in_the_log_of_each_service(running: Running) -> None:
    trace = secrets.token_hex(16)
    article = pushed(running, f"00-{trace}-{secrets.token_hex(8)}-01")
    for service, event in (("enrich", "publish"), ("index", "done")):
        [line] = eventually(partial(lines, running, service, f"article_id={article}"), 20)
        assert (line["event"], line["hop"], line["trace_id"]) == (event, service, trace)
        assert BODY[:20] not in json.dumps(line)


def test_the_level_of_running_services_is_set_for_a_while(running: Running) -> None:
    trace = secrets.token_hex(16)
    shown = json.loads(command(running, "log-level", "index", "debug", "--minutes", "1", "--json"))
    assert [(one["service"], one["level"]) for one in shown] == [("index", "DEBUG")]
    assert 0 < shown[0]["minutes_left"] <= 1

    def told() -> list[dict[str, Any]]:
        pushed(running, f"00-{trace}-{secrets.token_hex(8)}-01")
        return lines(running, "index", "event=batch")

    assert eventually(told, 30, every=1)[-1]["hop"] == "index"
    usual = json.loads(command(running, "log-level", "all", "usual", "--json"))
    assert {one["level"] for one in usual} == {"usual"}
