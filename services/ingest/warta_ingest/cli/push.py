"""`warta push`: the articles of a file through the push API."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.progress import track

from warta_ingest.cli.article_file import UnreadableFile, read_articles
from warta_shared.cli.failure import PARTLY, PROBLEM, UNREACHABLE, USAGE, fail, fail_settings
from warta_shared.settings import WartaSettings

app = typer.Typer()

ARTICLES_A_REQUEST = 100
TRIES = 8
NDJSON = {"content-type": "application/x-ndjson"}
STORED = {"published", "unchanged"}


class PushSettings(WartaSettings):
    """Where the push API is, and the key for it."""

    ingest_url: str = "http://127.0.0.1:8080"
    push_key: SecretStr | None = None


@app.command()
def push(
    file: Annotated[
        str, typer.Argument(help="A .json, .ndjson, .jsonl or text file, or - for standard input.")
    ],
    *,
    source: Annotated[str | None, typer.Option(help="Source code for articles that name none.")] = None,
    url: Annotated[str | None, typer.Option(help="URL, for a single article that has none.")] = None,
    external_id: Annotated[
        str | None,
        typer.Option(help="Your own lasting id, for a single article that has neither id nor URL."),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="Of standard input: json, ndjson or txt.")] = "ndjson",
    as_json: Annotated[bool, typer.Option("--json", help="One result a line on standard output.")] = False,
) -> None:
    """Push articles through the API and report what became of each.

    Sending the same file again is harmless. A text file is one article: its headline on the first line (or
    above a line `| Source: CODE`), paragraphs below. The key is WARTA_PUSH_KEY (or WARTA_PUSH_KEY_FILE), the
    address WARTA_INGEST_URL.

    Exit codes: 0 all are stored, 1 none was (or the key was refused), 2 usage, 3 the API is not reachable,
    4 some were not.

    Examples:

      warta push articles.ndjson

      warta push page.txt --external-id page-17

      generate-articles | warta push - --source GALERT --json
    """
    settings = _settings()
    articles = [_completed(article, source, url, external_id) for article in _read(file, form)]
    console = Console(stderr=True)
    results: list[dict[str, Any]] = []
    with httpx.Client(base_url=settings.ingest_url, timeout=60, trust_env=False) as client:
        client.headers["authorization"] = f"Bearer {_key(settings)}"
        batches = list(_batches(articles))
        for batch in track(batches, "pushing", console=console, disable=as_json or len(batches) < 3):
            results += _send(client, settings.ingest_url, batch, len(results))
    _report(results, as_json=as_json)


def _settings() -> PushSettings:
    try:
        return PushSettings()
    except ValidationError as error:
        fail_settings(error)


def _key(settings: PushSettings) -> str:
    if settings.push_key is None:
        fail(USAGE, "no push key", "Set WARTA_PUSH_KEY or WARTA_PUSH_KEY_FILE.")
    return settings.push_key.get_secret_value()


def _read(file: str, form: str) -> list[Any]:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        articles = read_articles(content, f"stdin.{form}" if file == "-" else file)
    except OSError as error:
        fail(USAGE, f"{file}: {error.strerror}")
    except UnreadableFile as error:
        fail(USAGE, f"{file}: {error}")
    if not articles:
        fail(USAGE, f"{file} holds no article")
    return articles


def _completed(article: Any, source: str | None, url: str | None, external_id: str | None) -> Any:
    if not isinstance(article, dict):
        return article
    given = {"source": source, "url": url, "external_id": external_id}
    return {name: value for name, value in given.items() if value} | article


def _batches(articles: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(articles), ARTICLES_A_REQUEST):
        yield articles[first : first + ARTICLES_A_REQUEST]


def _send(client: httpx.Client, address: str, batch: Sequence[Any], first: int) -> list[dict[str, Any]]:
    """The results of one request; waits and repeats while the API asks for that."""
    body = b"\n".join(orjson.dumps(article) for article in batch)
    for _ in range(TRIES):
        try:
            answer = client.post("/v1/articles", content=body, headers=NDJSON)
        except httpx.HTTPError as error:
            advice = "Is ingest running, and is WARTA_INGEST_URL right? (`warta local status`)"
            fail(UNREACHABLE, f"no answer from {address}: {error}", advice)
        if answer.status_code not in {429, 503}:
            break
        time.sleep(min(float(answer.headers.get("retry-after", "5")), 60))
    content = _content(answer)
    if "results" not in content:
        code = UNREACHABLE if answer.status_code in {429, 503} else PROBLEM
        fail(code, f"{answer.status_code}: {content.get('detail', 'no JSON answer')}")
    results: list[dict[str, Any]] = content["results"]
    return [{**result, "index": result["index"] + first} for result in results]


def _content(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _report(results: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    counts = Counter(result["status"] for result in results)
    for result in results:
        if as_json:
            typer.echo(orjson.dumps(result).decode())
        elif result["status"] not in STORED:
            reasons = "; ".join(result.get("errors", ()))
            typer.echo(f"article {result['index'] + 1}: {result['status']} {reasons}".rstrip(), err=True)
        elif len(results) == 1:
            typer.echo(f"{result['id']} {result['status']}, revision {result['revision']}")
    if not as_json and len(results) > 1:
        typer.echo(", ".join(f"{number} {status}" for status, number in counts.most_common()))
    stored = sum(counts[status] for status in STORED)
    raise typer.Exit(0 if stored == len(results) else PARTLY if stored else PROBLEM)
