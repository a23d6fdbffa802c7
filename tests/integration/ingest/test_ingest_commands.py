"""The service and `warta feeds`, `push` and `trace` as real processes, with the Redis users of an installation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from redis import Redis
from typer.testing import CliRunner

from waiting import eventually
from warta_ingest.sameness import article_id, external_article_id
from warta_local.newsroom import expected_articles, running_newsroom
from warta_local.processes.child import Child, last_lines
from warta_local.processes.ports import free_port
from warta_local.redis_server import RedisServer
from warta_shared.cli.main import app
from warta_shared.delivery.names import RAW
from warta_shared.secrets import write_secrets

ARTICLE = {"title": "Title", "body": "Body.", "source": "S"}


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def lines(self) -> list[dict[str, Any]]:
        """What it wrote with --json, an object a line."""
        return [orjson.loads(line) for line in self.out.splitlines()]


@dataclass
class Installation:
    """A Redis with its users, the ingest service, a newsroom, and the commands' environment."""

    folder: Path
    redis: RedisServer
    port: int
    newsroom: str
    service: Child | None = None

    @property
    def feeds_file(self) -> Path:
        return self.folder / "feeds.yaml"

    def secret(self, reader: str, name: str) -> str:
        return str(self.folder / "secrets" / reader / name)

    def environment(self, reader: str, **more: str) -> dict[str, str]:
        here = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TERM": "dumb", "COLUMNS": "200"}
        redis = {
            "WARTA_REDIS_URL": self.redis.url,
            "WARTA_REDIS_USERNAME": reader,
            "WARTA_REDIS_PASSWORD_FILE": self.secret(reader, "redis_password"),
        }
        return here | redis | more

    def start_service(self) -> None:
        env = self.environment(
            "ingest",
            WARTA_HTTP_PORT=str(self.port),
            WARTA_FEEDS_FILE=str(self.feeds_file),
            WARTA_PUSH_KEYS_FILE=self.secret("ingest", "push_keys"),
            WARTA_ALLOW_NETWORKS="127.0.0.0/8",
            WARTA_HOST_GAP="0",
        )
        self.service = Child(
            [sys.executable, "-m", "warta_ingest"], log=self.folder / "ingest.log", env=env, cwd=self.folder
        )

    def process(self, *arguments: str, stdin: bytes = b"", **env: str) -> Done:
        """A command as a shell runs it."""
        done = subprocess.run(
            [Path(sys.executable).with_name("warta"), *arguments],
            env=self.operator(**env),
            input=stdin,
            capture_output=True,
            timeout=30,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def warta(self, *arguments: str, stdin: bytes = b"", **env: str) -> Done:
        """The same in this process, which saves a second of imports."""
        done = CliRunner().invoke(app, arguments, input=stdin, env=self.operator(**env))
        return Done(done.exit_code, done.stdout, done.stderr)

    def operator(self, **more: str) -> dict[str, str]:
        where = {
            "WARTA_INGEST_URL": f"http://127.0.0.1:{self.port}",
            "WARTA_PUSH_KEY_FILE": self.secret("operator", "push_key"),
        }
        return self.environment("operator", **where | more)

    def client(self) -> Redis:
        password = Path(self.secret("operator", "redis_password")).read_text()
        return Redis(port=self.redis.port, username="operator", password=password)

    def articles(self) -> dict[str, dict[str, Any]]:
        """The newest of each article on `articles.raw`, by id."""
        entries: Any = self.client().xrange(RAW)
        bodies = [orjson.loads(fields[b"body"]) for _, fields in entries]
        return {body["id"]: body for body in bodies}

    def published_by(self, source: str) -> list[dict[str, Any]]:
        """The articles of a source."""
        return [article for article in self.articles().values() if article["source"]["id"] == source]

    def last_poll(self, feed_id: str) -> int:
        """In ms since 1970, 0 for never."""
        return int(self.client().hget(f"feed:{feed_id}", "last_poll") or 0)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    write_secrets(folder / "secrets")
    users = (folder / "secrets" / "redis" / "users.acl").read_text()
    acl = folder / "users.acl"
    acl.write_text(f"{users}user watcher on nopass resetkeys -@all +acl|log +ping\n")
    with (
        RedisServer(folder / "redis", acl_file=acl, credentials=("watcher", "any")) as redis,
        running_newsroom() as newsroom,
    ):
        one = Installation(folder, redis, free_port(), newsroom)
        one.feeds_file.write_text(FEEDS.format(url=newsroom))
        one.start_service()
        try:
            eventually(lambda: _answers(one))
            yield one
        finally:
            assert one.service
            code = one.service.stop()
            refused = Redis(port=redis.port, username="watcher", password="any").acl_log()
    assert [(entry["username"], entry["object"], entry["context"]) for entry in refused] == []
    assert code == 0, last_lines(folder / "ingest.log", 50)
    log = (folder / "ingest.log").read_text()
    assert "Traceback" not in log
    assert Path(one.secret("operator", "push_key")).read_text() not in log


FEEDS = """\
feeds:
  - {{id: post, url: "{url}/feeds/post/atom.xml", source: POST, country: ID, interval: {{min: 5, max: 60}}}}
  - {{id: gone, url: "{url}/feeds/nowhere.xml", source: GONE, interval: {{min: 60, max: 600}}}}
"""


def _answers(one: Installation) -> bool:
    """Whether the service has started."""
    assert one.service
    one.service.require_running("ingest")
    try:
        return httpx.get(f"http://127.0.0.1:{one.port}/health/live", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def file(installation: Installation, name: str, content: str | bytes) -> str:
    path = installation.folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def ndjson(*articles: Mapping[str, Any] | str) -> bytes:
    return b"\n".join(one.encode() if isinstance(one, str) else orjson.dumps(one) for one in articles)


def test_feeds_are_polled_pages_fetched_and_articles_published(installation: Installation) -> None:
    article = eventually(lambda: installation.published_by("POST"))[0]
    assert (article["source"]["feed"], article["source"]["domain"]) == ("post", "127.0.0.1")
    assert article["url"].startswith(f"{installation.newsroom}/post/")


def test_list_shows_how_each_feed_does(installation: Installation) -> None:
    eventually(lambda: installation.last_poll("gone") and installation.last_poll("post"))
    done = installation.process("feeds", "list", "--json")
    assert done.code == 1, "one feed fails"
    gone, post = orjson.loads(done.out)
    assert (gone["id"], gone["outcome"], gone["last_success"]) == ("gone", "http-404", None)
    assert gone["failures"] >= 1
    assert (post["id"], post["failures"]) == ("post", 0)
    assert post["last_new"] and post["next_poll"]
    shown = installation.warta("feeds", "list").out
    assert "http-404" in shown and "post" in shown


def test_poll_makes_a_feed_due_now(installation: Installation) -> None:
    before = eventually(lambda: installation.last_poll("gone"))
    done = installation.process("feeds", "poll", "gone", "--json")
    assert (done.code, orjson.loads(done.out)) == (0, {"due": ["gone"], "unknown": []})
    eventually(lambda: installation.last_poll("gone") > before)


def test_polling_a_feed_that_is_not_there_is_a_problem(installation: Installation) -> None:
    done = installation.warta("feeds", "poll", "nonesuch")
    assert done.code == 1
    assert "no such feed: nonesuch" in done.err
    assert installation.warta("feeds", "poll", "nonesuch", "post").code == 4


def test_check_names_every_mistake_with_its_line(installation: Installation) -> None:
    good = installation.warta("feeds", "check", str(installation.feeds_file))
    assert (good.code, good.out) == (0, "2 feeds, no mistake found\n")
    bad = file(
        installation,
        "bad.yaml",
        "feeds:\n  - id: a\n    url: ftp://a.example\n    source: A\n    colour: red\n",
    )
    done = installation.process("feeds", "check", bad, "--json")
    assert done.code == 1
    assert [(p["line"], p["field"]) for p in orjson.loads(done.out)["problems"]] == [
        (3, "feeds[0].url"),
        (5, "feeds[0].colour"),
    ]


def test_pushing_a_file_tells_what_became_of_each_article(installation: Installation) -> None:
    articles = ndjson(*({**ARTICLE, "external_id": f"file-{number}"} for number in range(250)))
    path = file(installation, "many.ndjson", articles)
    done = installation.process("push", path)
    assert (done.code, done.out) == (0, "250 published\n")
    again = installation.warta("push", path, "--json")
    assert again.code == 0
    assert [(one["index"], one["status"], one["revision"]) for one in again.lines()] == [
        (number, "unchanged", 1) for number in range(250)
    ]
    assert external_article_id("S", "file-249") in installation.articles()


def test_a_text_needs_an_id_or_an_address_on_the_command_line(installation: Installation) -> None:
    path = file(installation, "bare.txt", "Headline\n\nA body of some words.\n")
    done = installation.warta("push", path)
    assert done.code == 2
    assert "Add --url or --external-id." in done.err


def test_a_text_page_is_pushed_under_the_pushers_id(installation: Installation) -> None:
    text = "Site\n\nHeadline of the page\n\n| Source: GALERT\nFirst.\n\nSecond.\nView JSON | Print\n"
    path = file(installation, "page.txt", text)
    done = installation.warta("push", path, "--external-id", "page-17")
    identity = external_article_id("GALERT", "page-17")
    assert (done.code, done.out) == (0, f"{identity} published, revision 1\n")
    stored = installation.articles()[identity]
    assert (stored["title"], stored["body"]) == ("Headline of the page", "First.\nSecond.")


def test_standard_input_and_a_source_for_all(installation: Installation) -> None:
    article = {"title": "Title", "body": "Body.", "url": "https://news.example/stdin"}
    done = installation.warta("push", "-", "--source", "PIPE", "--json", stdin=ndjson(article))
    assert done.code == 0
    assert done.lines()[0]["id"] == article_id("https://news.example/stdin")
    assert installation.articles()[done.lines()[0]["id"]]["source"]["id"] == "PIPE"
    as_list = orjson.dumps([article, article])
    done = installation.warta("push", "-", "--source", "PIPE", "--format", "json", stdin=as_list)
    assert (done.code, done.out) == (0, "1 superseded, 1 unchanged\n")


def test_what_is_partly_invalid_is_partly_done_and_says_why(installation: Installation) -> None:
    good = {**ARTICLE, "external_id": "partly"}
    done = installation.process(
        "push", "-", stdin=ndjson(good, {"title": "\x1b[31mred"}, good | {"body": ""})
    )
    assert done.code == 4
    assert done.out == "2 invalid, 1 published\n"
    assert "article 2: invalid" in done.err and "article 3: invalid body:" in done.err
    assert "\x1b[31m" not in done.err


def test_nothing_stored_is_a_problem(installation: Installation) -> None:
    assert installation.warta("push", "-", stdin=ndjson({"title": "x"})).code == 1
    done = installation.process("push", "-", stdin=ndjson(ARTICLE), WARTA_PUSH_KEY="warta_wrong")
    assert done.code == 1
    assert "401" in done.err and "WARTA_PUSH_KEY" in done.err


def test_a_broken_line_far_down_ends_a_push_that_is_partly_done(installation: Installation) -> None:
    articles = [{**ARTICLE, "external_id": f"cut-{number}"} for number in range(100)]
    done = installation.warta("push", "-", "--json", stdin=ndjson(*articles, "{broken"))
    assert done.code == 4
    assert "line 101 is not JSON" in done.err
    assert len(done.lines()) == 100


def test_a_key_is_made_used_and_revoked_while_the_service_runs(installation: Installation) -> None:
    made = installation.process("keys", "make", "kabar", "--source", "KABAR", "--json")
    assert made.code == 0, made.err
    push_key = orjson.loads(made.out)["key"]
    article = ndjson({**ARTICLE, "external_id": "keyed", "source": "KABAR"})

    def push() -> Done:
        return installation.warta("push", "-", stdin=article, WARTA_PUSH_KEY=push_key)

    eventually(lambda: push().code == 0)
    listed = {one["name"]: one for one in orjson.loads(installation.warta("keys", "list", "--json").out)}
    assert listed["kabar"]["last_used"] and listed["operator"]["origin"] == "file"
    assert installation.warta("keys", "revoke", "kabar").code == 0
    refused = eventually(lambda: (done := push()).code and done)
    assert "401" in refused.err


def test_trace_tells_what_became_of_a_page(installation: Installation) -> None:
    article = eventually(lambda: installation.published_by("POST"))[0]
    traced = installation.process("trace", f"{article['url']}?utm_source=mail", "--json")
    assert traced.code == 0, traced.err
    told = orjson.loads(traced.out)
    assert told["page"]["url"] == article["url"]
    assert told["page"]["fetches"][-1].items() <= told["page"].items()
    assert told["page"]["outcome"] == "done" and told["page"]["reason"] in {"published", "unchanged"}
    assert told["article"]["id"] == article["id"] and told["article"]["revision"] >= 1
    assert told["dead_letters"] == []
    assert told["feeds"] == ["post"]
    shown = installation.warta("trace", article["id"]).out
    assert f"article   {article['id']} revision" in shown


def test_trace_tells_why_there_is_no_article(installation: Installation) -> None:
    [withdrawn] = [one for one in expected_articles() if one.slug == "tender-withdrawn"]
    url = f"{installation.newsroom}{withdrawn.canonical_path}"
    done = eventually(lambda: "http-410" in (traced := installation.warta("trace", url)).out and traced)
    assert done.code == 1
    assert "done http-410 (the server answered 410)" in done.out


def test_trace_of_what_was_never_seen_is_a_problem(installation: Installation) -> None:
    done = installation.process("trace", "https://never.example/seen")
    assert done.code == 1
    assert "never seen here" in done.err


def test_pages_are_fetched_by_their_urls(installation: Installation) -> None:
    [fine] = [one for one in expected_articles() if one.slug == "msme-procurement"]
    url = f"{installation.newsroom}{fine.canonical_path}"
    done = installation.process("fetch", url, f"{installation.newsroom}/nowhere", "--wait", "20", "--json")
    told = {one["url"]: (one["outcome"], one["reason"]) for one in orjson.loads(done.out)}
    assert done.code == 4, done.err
    assert told[url][0] == "done"
    assert told[f"{installation.newsroom}/nowhere"] == ("failed", "http-404")
    refused = installation.warta("fetch", "ftp://a.example/")
    assert (refused.code, "refused" in refused.out) == (1, True)


def test_a_killed_service_leaves_its_work_to_the_next(installation: Installation) -> None:
    """Last, since it starts the service anew. The push waits for it."""
    assert installation.service
    installation.service.kill()
    before = installation.last_poll("post")
    installation.start_service()
    eventually(lambda: _answers(installation))
    done = installation.warta("push", "-", stdin=ndjson({**ARTICLE, "external_id": "after"}))
    assert done.code == 0
    assert installation.warta("feeds", "poll", "post").code == 0
    eventually(lambda: installation.last_poll("post") > before)
