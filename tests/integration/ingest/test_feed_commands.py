"""`warta feeds` at work: against a real Redis and a real site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from redis import Redis
from typer.testing import CliRunner

from tiny_site import rss
from warta_ingest.poll import schedule
from warta_ingest.poll.state import FeedState
from warta_local.newsroom import running_newsroom
from warta_shared.cli.main import app

Warta = Callable[..., Result]


@pytest.fixture
def warta(redis_url: str) -> Warta:
    variables = {"WARTA_REDIS_URL": redis_url, "WARTA_ALLOW_NETWORKS": "127.0.0.0/8", "COLUMNS": "300"}
    return lambda *arguments, text=None: CliRunner().invoke(
        app, ["feeds", *arguments], env=variables, input=text
    )


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with running_newsroom() as url:
        yield url


def shown(warta: Warta, feed_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(warta("show", feed_id, "--json").stdout)
    return found


def test_a_feed_is_tried_before_it_is_added(warta: Warta, site: str) -> None:
    done = warta("add", f"{site}/feeds/post/atom.xml", "--id", "post", "--country", "ID", "--tag", "bisnis")
    assert done.exit_code == 0, done.output
    assert "added post (source 127.0.0.1)\natom-1.0, " in done.stdout
    feed = shown(warta, "post")
    assert (feed["country"], feed["tags"], feed["origin"]) == ("ID", ["bisnis"], "command")
    assert (feed["outcome"], feed["next_poll"]) == ("never-polled", None)


def test_what_is_no_feed_is_refused_with_a_hint(warta: Warta, site: str) -> None:
    done = warta("add", f"{site}/")
    assert (done.exit_code, "not-a-feed" in done.stderr, "warta feeds discover" in done.stderr) == (
        1,
        True,
        True,
    )
    assert warta("add", f"{site}/nowhere.xml").exit_code == 1
    assert json.loads(warta("list", "--json").stdout) == []


def test_a_private_address_is_refused(redis_url: str) -> None:
    done = CliRunner().invoke(
        app, ["feeds", "add", "http://127.0.0.1:1/rss"], env={"WARTA_REDIS_URL": redis_url}
    )
    assert (done.exit_code, "private-address" in done.stderr or "address" in done.stderr) == (1, True)


def test_an_address_is_polled_once_and_an_id_is_given_once(warta: Warta) -> None:
    url = "https://kabar.example/rss"
    assert warta("add", url, "--no-check").exit_code == 0
    again = warta("add", url, "--no-check", "--id", "other")
    assert (again.exit_code, "already polled as kabar.example" in again.stderr) == (1, True)
    assert warta("add", "https://kabar.example/b", "--no-check", "--id", "kabar.example").exit_code == 1


def test_only_what_is_given_changes(warta: Warta) -> None:
    warta(
        "add",
        "https://kabar.example/rss",
        "--no-check",
        "--id",
        "k",
        "--name",
        "Kabar",
        "--interval-max",
        "900",
    )
    done = warta("edit", "k", "--section", "Ekonomi=04000000", "--interval-min", "60", "--disabled")
    assert done.exit_code == 0, done.output
    feed = shown(warta, "k")
    assert (feed["name"], feed["sections"], feed["interval"], feed["enabled"]) == (
        "Kabar", {"Ekonomi": "04000000"}, {"min": 60, "max": 900}, False,
    )  # fmt: skip
    assert warta("edit", "k", "--interval-min", "9000").exit_code == 2
    assert warta("edit", "nobody", "--enabled").exit_code == 1
    assert [feed["id"] for feed in json.loads(warta("list", "--disabled", "--json").stdout)] == ["k"]


def test_values_of_headers_are_never_shown(warta: Warta, tmp_path: Path) -> None:
    headers = tmp_path / "headers"
    headers.write_text("X-Key: secret-4711\n")
    warta("add", "https://kabar.example/rss", "--no-check", "--id", "k", "--header-file", str(headers))
    assert shown(warta, "k")["headers"] == {"X-Key": "***"}
    for command in (["list", "--json"], ["show", "k"], ["export"], ["edit", "k", "--header", "X-Key: é"]):
        done = warta(*command)
        assert "secret-4711" not in done.output


def test_removed_feeds_are_gone_and_those_of_the_file_are_not(warta: Warta, redis_url: str) -> None:
    warta("add", "https://a.example/rss", "--no-check", "--id", "a")
    with Redis.from_url(redis_url) as redis:
        redis.hset(
            "feeds:declared",
            "f",
            '{"origin":"file","feed":{"id":"f","url":"https://f.example/","source":"F"}}',
        )
    assert warta("remove", "a", text="n\n").exit_code != 0
    done = warta("remove", "a", "f", "nobody", "--yes", "--json")
    assert (done.exit_code, json.loads(done.stdout)["removed"]) == (4, ["a"])
    assert "feeds file" in warta("edit", "f", "--disabled").stderr
    assert [feed["id"] for feed in json.loads(warta("list", "--json").stdout)] == ["f"]


def test_all_feeds_are_due_at_once(warta: Warta, redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.zadd(schedule.KEY, {"a": 5_000_000_000_000, "b": 5_000_000_000_000})
        assert warta("poll", "--all").stdout == "due now: a, b\n"
        assert redis.zrange(schedule.KEY, 0, -1, withscores=True) == [(b"a", 0.0), (b"b", 0.0)]


def test_the_feeds_of_a_site_are_found(warta: Warta, site: str) -> None:
    done = warta("discover", f"{site}/feeds/post/atom.xml", "--json")
    (found,) = json.loads(done.stdout)
    assert (found["format"], found["url"]) == ("atom-1.0", f"{site}/feeds/post/atom.xml")
    by_its_robots = json.loads(warta("discover", site, "--json").stdout)
    assert {feed["format"] for feed in by_its_robots} & {"news-sitemap", "sitemap"}
    nothing = warta("discover", "http://127.0.0.1:1/")
    assert (nothing.exit_code, "no feed found" in nothing.stderr) == (1, True)


def test_opml_goes_in_and_comes_out_the_same(warta: Warta, tmp_path: Path) -> None:
    warta("add", "https://a.example/rss", "--no-check", "--id", "a", "--tag", "x", "--full-text", "feed")
    file, second = tmp_path / "a.opml", tmp_path / "b.opml"
    assert warta("export", str(file)).exit_code == 0
    before = shown(warta, "a")
    warta("remove", "a", "--yes")
    assert warta("import", str(file)).stdout == "1 added, 0 were there, 0 refused\n"
    assert shown(warta, "a") == before
    assert warta("import", str(file)).stdout == "0 added, 1 were there, 0 refused\n"
    warta("export", str(second))
    assert second.read_bytes() == file.read_bytes()


def test_what_cannot_be_imported_is_named_and_the_rest_is_not_lost(warta: Warta, tmp_path: Path) -> None:
    file = tmp_path / "mixed.opml"
    file.write_text(
        "<opml><body><outline xmlUrl='https://a.example/rss'/>\n<outline xmlUrl='nonsense'/></body></opml>"
    )
    done = warta("import", str(file), "--json")
    assert done.exit_code == 4
    assert json.loads(done.stdout)["added"] == ["a.example"]
    assert "line 2: nonsense: url" in done.stderr
    file.write_text(rss(("/a", "A")))
    assert (warta("import", str(file)).exit_code, warta("import", str(tmp_path / "none")).exit_code) == (1, 2)


def remembered(redis_url: str, feed_id: str, **doing: Any) -> None:
    """As polls would have left it."""
    known = FeedState(outcome="not-modified", last_poll=1, first_success=1, last_success=1)
    Redis.from_url(redis_url).hset(f"feed:{feed_id}", mapping=asdict(replace(known, **doing)))


def test_who_is_in_trouble_is_told(warta: Warta, redis_url: str) -> None:
    assert warta("health").stdout == "nothing to tell\n"
    for name in ("new", "well", "broken", "gone", "off"):
        warta("add", f"https://{name}.example/rss", "--no-check", "--id", name)
    warta("edit", "off", "--disabled")
    remembered(redis_url, "well", moved_to="https://well.example/new", moves=9)
    remembered(redis_url, "broken", failures=3, outcome="http-500", detail="Oops")
    remembered(redis_url, "gone", failures=9, outcome="http-410", why="gone", gone_since=1, last_poll=10**10)

    told = warta("health", "--json")
    conditions = {feed["id"]: (feed["condition"], feed["flags"]) for feed in json.loads(told.stdout)}
    assert conditions == {
        "new": ("never-polled", []),
        "well": ("ok", ["moved"]),
        "broken": ("failing", []),
        "gone": ("gone", []),
        "off": ("off", []),
    }
    assert told.exit_code == 1
    assert [feed["id"] for feed in json.loads(warta("health", "--trouble", "--json").stdout)] == [
        "broken", "gone", "well",
    ]  # fmt: skip

    shown_at_once = warta("health")
    assert (shown_at_once.exit_code, "http-500 Oops" in shown_at_once.stdout) == (1, True)
    assert "moved_to      https://well.example/new" in warta("health", "well").stdout
    assert (warta("health", "well").exit_code, warta("health", "broken").exit_code) == (0, 1)
    assert "no such feed: nobody" in warta("health", "nobody").stderr
