"""`warta setup` against a real Elasticsearch: from nothing, again, drift of every kind, keys, privileges."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest
from real_articles import Articles, document_of
from typer.testing import CliRunner, Result

from enriched_articles import ARTICLE_ID, entry_of, maximal_article
from warta_index.cli import setup as setup_command
from warta_index.connection import Connection, UnreachableError
from warta_index.credentials import administrator, of_key
from warta_index.results import Indexed
from warta_index.schema import READ_FILTER
from warta_index.settings import SetupSettings
from warta_index.setup import SetupError, State, install, plan, wait_until_ready

PARTS = [
    ("component template", "warta-articles-settings"),
    ("component template", "warta-articles-mappings"),
    ("index template", "warta-articles"),
    ("cluster setting", "action.auto_create_index"),
    ("index", "articles-write"),
    ("role", "warta_indexer"),
    ("role", "warta_reader"),
    ("role", "warta_exporter"),
    ("API key", "warta-index"),
    ("API key", "warta-operator"),
    ("API key", "warta-exporter"),
]


async def test_from_nothing_everything_is_made_and_a_second_run_changes_nothing(bare: Articles) -> None:
    first = await bare.install()
    assert [(report.kind, report.name) for report in first] == PARTS
    assert {report.state for report in first} == {State.CREATED, State.UPDATED}
    keys = {
        reader: bare.key_file(reader).read_text(encoding="utf-8")
        for reader in ("index", "operator", "exporter")
    }
    second = await bare.install()
    assert [(report.name, report.state, report.differences) for report in second] == [
        (name, State.UNCHANGED, ()) for _, name in PARTS
    ]
    assert await bare.check() == []
    assert keys == {reader: bare.key_file(reader).read_text(encoding="utf-8") for reader in keys}


async def test_the_maximal_article_is_held_as_it_was_sent(articles: Articles) -> None:
    article = maximal_article()
    assert await articles.write(article) == [Indexed()]
    held = await articles.held(ARTICLE_ID)
    assert held["_source"] == orjson.loads(entry_of(article).body) | {
        "indexed_at": "2025-11-25T04:30:00.000Z"
    }
    assert held["_version"] == article.observed_at


async def test_every_field_is_searchable_by_its_value(articles: Articles) -> None:
    await articles.write(maximal_article())
    for field, value in [
        ("topics.code", "04000000"), ("people.name", "Nama"), ("dates.date", "2025-06"), ("amounts.amount", 1.5e9),
        ("authors", "Siti"), ("authors.text", "siti"), ("title.raw", "Harga cabai naik"), ("source.country", "ID"),
        ("extensions.desk", "pasar"), ("extensions.page", "3"), ("observed_at", 1_764_000_000_000),
        ("published_at", "2025-11-24T16:00:00Z"), ("stems.id.body", "cabai"),
    ]:  # fmt: skip
        query = {"query": {"match": {field: value}}}
        found = await articles.do("POST", "/articles/_search", query)
        assert found["hits"]["total"]["value"] == 1, field
    refused = {"query": {"term": {"people.mentions.start": 0}}}
    assert (await articles.do("POST", "/articles/_search", refused))["hits"]["total"]["value"] == 0


async def test_names_up_to_their_bound_are_found_even_in_astral_characters(articles: Articles) -> None:
    name = "𝔄" * 300
    article = maximal_article()
    longest = article.model_copy(
        update={"authors": (name,), "people": (article.people[0].model_copy(update={"name": name}),)}
    )
    assert await articles.write(longest) == [Indexed()]
    for field in ("authors", "people.name"):
        found = await articles.do("POST", "/articles/_search", {"query": {"term": {field: name}}})
        assert found["hits"]["total"]["value"] == 1, field


Damage = Callable[[Articles], Awaitable[Any]]


async def lose_the_alias(a: Articles) -> None:
    await a.do("POST", "/_aliases", {"actions": [{"remove": {"index": "articles-v1", "alias": "articles"}}]})


async def lose_both_aliases(a: Articles) -> None:
    await a.do("POST", "/_aliases", {"actions": [{"remove": {"index": "articles-v1", "alias": "articles*"}}]})


async def invalidate_a_key(a: Articles) -> None:
    await a.do("DELETE", "/_security/api_key", {"name": "warta-index"})


async def open_a_key_file(a: Articles) -> None:
    a.key_file("operator").chmod(0o644)


async def lose_a_key_file(a: Articles) -> None:
    a.key_file("exporter").unlink()


async def swap_key_files(a: Articles) -> None:
    file = a.key_file("index")
    file.unlink()
    file.write_text(a.key_file("operator").read_text(encoding="utf-8"), encoding="utf-8")


async def widen_a_key(a: Articles) -> None:
    async with a.connect("exporter") as exporter:
        answer = (await exporter.ask("GET", "/_security/_authenticate")).json()
    await a.do(
        "PUT",
        f"/_security/api_key/{answer['api_key']['id']}",
        {"role_descriptors": {"warta": {"cluster": ["all"], "indices": []}}},
    )


def change(method: str, target: str, content: Any = None) -> Damage:
    async def damage(a: Articles) -> None:
        await a.do(method, target, content)

    return damage


OTHER_ROLE = {"cluster": ["all"], "indices": []}
DRIFT = [
    (change("DELETE", "/_index_template/warta-articles"), "warta-articles", "missing"),
    (
        change(
            "PUT",
            "/_component_template/warta-articles-settings",
            {"template": {"settings": {"number_of_shards": 9}}},
        ),
        "warta-articles-settings",
        "template.settings.index.number_of_shards: wanted 1, found 9",
    ),
    (
        change("PUT", "/_component_template/warta-articles-mappings", {"template": {"mappings": {}}}),
        "warta-articles-mappings",
        "template.settings: wanted {'index': {'analysis'",
    ),
    (
        change("PUT", "/_cluster/settings", {"persistent": {"action.auto_create_index": "+logs,-*"}}),
        "action.auto_create_index",
        "wanted -articles*,+logs,-*, found +logs,-*",
    ),
    (
        change("PUT", "/articles-v1/_settings", {"refresh_interval": "-1"}),
        "articles-write",
        "settings.index.refresh_interval: wanted 1s, found -1",
    ),
    (
        change("PUT", "/articles-v1/_mapping", {"dynamic": "true"}),
        "articles-write",
        "mappings.dynamic: wanted strict",
    ),
    (lose_the_alias, "articles-write", "alias articles: missing"),
    (lose_both_aliases, "articles-write", "missing"),
    (change("DELETE", "/articles-v1"), "articles-write", "missing"),
    (
        change("PUT", "/_security/role/warta_indexer", OTHER_ROLE),
        "warta_indexer",
        "cluster: wanted ['monitor']",
    ),
    (change("DELETE", "/_security/role/warta_reader"), "warta_reader", "missing"),
    (invalidate_a_key, "warta-index", "Elasticsearch refuses the key in the file"),
    (swap_key_files, "warta-index", "Elasticsearch refuses the key in the file"),
    (open_a_key_file, "warta-operator", "wanted mode 400, found 644"),
    (lose_a_key_file, "warta-exporter", "missing"),
    (widen_a_key, "warta-exporter", "privileges.cluster: wanted ['monitor'], found ['all']"),
]


@pytest.mark.parametrize(("damage", "name", "difference"), DRIFT, ids=range(len(DRIFT)))
async def test_drift_is_shown_by_check_and_mended_by_a_run(
    articles: Articles, damage: Damage, name: str, difference: str
) -> None:
    await damage(articles)
    (found,) = await articles.check()
    assert found.name == name
    assert any(difference in sentence for sentence in found.differences), found.differences
    await articles.install()
    assert await articles.check() == []


async def test_a_key_that_is_mended_in_place_stays_the_same_key(articles: Articles) -> None:
    before = articles.key_file("exporter").read_text(encoding="utf-8")
    await widen_a_key(articles)
    await articles.install()
    assert articles.key_file("exporter").read_text(encoding="utf-8") == before


async def test_what_needs_a_new_index_is_left_and_said(articles: Articles) -> None:
    reports = await articles.install(index_shards=2)
    remaining = [report for report in reports if report.state is State.DIFFERS]
    assert [(r.name, r.differences) for r in remaining] == [
        ("articles-write", ("settings.index.number_of_shards: wanted 2, found 1",))
    ]


async def test_settings_of_a_live_index_follow_where_they_can(articles: Articles) -> None:
    reports = await articles.install(index_replicas=1, index_refresh_interval="5s")
    assert [(r.name, r.state) for r in reports if r.state is not State.UNCHANGED] == [
        ("warta-articles-settings", State.UPDATED),
        ("articles-write", State.UPDATED),
    ]


async def test_a_run_keeps_the_articles(articles: Articles) -> None:
    await articles.write(maximal_article())
    await articles.install(index_refresh_interval="5s")
    assert (await articles.held(ARTICLE_ID))["found"] is True


async def test_the_index_that_a_reindex_left_is_the_one_that_counts(articles: Articles) -> None:
    await articles.do("PUT", "/articles-v2")
    swap = [
        {"remove": {"index": "articles-v1", "alias": "articles*"}},
        {"add": {"index": "articles-v2", "alias": "articles", "filter": READ_FILTER}},
        {"add": {"index": "articles-v2", "alias": "articles-write", "is_write_index": True}},
    ]
    await articles.do("POST", "/_aliases", {"actions": swap})
    assert await articles.check() == []
    reports = await articles.install()
    assert {report.state for report in reports} == {State.UNCHANGED}
    assert set(await articles.do("GET", "/_alias/articles-write")) == {"articles-v2"}


async def test_no_index_of_articles_comes_from_a_typing_mistake(articles: Articles) -> None:
    reply = await articles.ask("PUT", "/articles-typo/_doc/1", {"title": "x"})
    assert reply.status == 404
    assert b"index_not_found_exception" in reply.body


async def test_key_files_are_private(articles: Articles) -> None:
    for reader in ("index", "operator", "exporter"):
        file = articles.key_file(reader)
        assert file.stat().st_mode & 0o777 == 0o400
        assert file.parent.stat().st_mode & 0o777 == 0o700
        assert [path.name for path in file.parent.iterdir()] == ["elasticsearch_api_key"]


MAY = {
    "index": {"write": 200, "search": 403, "delete": 403, "health": 200, "make": 403, "stats": 403},
    "operator": {"write": 403, "search": 200, "delete": 403, "health": 403, "make": 403, "stats": 200},
    "exporter": {"write": 403, "search": 403, "delete": 403, "health": 200, "make": 403, "stats": 200},
}
ACTIONS: dict[str, tuple[str, str, Any]] = {
    "search": ("POST", "/articles/_search", {}),
    "delete": ("DELETE", "/articles-v1", None),
    "health": ("GET", "/_cluster/health", None),
    "make": ("PUT", "/articles-v9", None),
    "stats": ("GET", "/articles*/_stats", None),
}


@pytest.mark.parametrize("reader", MAY)
async def test_each_key_may_do_its_job_and_no_more(articles: Articles, reader: str) -> None:
    body = (
        b'{"index":{"_id":"x","version":1,"version_type":"external_gte"}}\n%b\n'
        % document_of(maximal_article()).body
    )
    async with articles.connect(reader) as connection:
        replies = {name: (await connection.ask(*action)).status for name, action in ACTIONS.items()}
        written = await connection.request(
            "POST", "/articles-write/_bulk", body, content_type="application/x-ndjson"
        )
        items = written.json().get("items", [{"index": {"status": 403}}])
    replies["write"] = 200 if items[0]["index"]["status"] == 201 else items[0]["index"]["status"]
    assert replies == MAY[reader]


async def test_other_indices_are_out_of_reach(articles: Articles) -> None:
    await articles.do("PUT", "/others")
    try:
        async with articles.connect("operator") as operator:
            assert (await operator.ask("POST", "/others/_search", {})).status == 403
    finally:
        await articles.do("DELETE", "/others")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(setup_command.app, arguments)


@pytest.mark.usefixtures("command_environment")
def test_the_command_from_nothing_to_rotated_keys(bare: Articles) -> None:
    folder = str(bare.keys_dir)
    before = run("--check", "--keys-dir", folder)
    assert before.exit_code == 1
    assert "missing" in before.output
    assert run("--keys-dir", folder).exit_code == 0
    assert run("--check", "--keys-dir", folder).exit_code == 0
    old = {
        reader: bare.key_file(reader).read_text(encoding="utf-8")
        for reader in ("index", "operator", "exporter")
    }
    rotated = run("--rotate-keys", "--keys-dir", folder, "--json")
    assert rotated.exit_code == 0
    states = {part["name"]: part["state"] for part in orjson.loads(rotated.stdout)["parts"]}
    assert [states[f"warta-{reader}"] for reader in old] == ["updated"] * 3
    for reader, key in old.items():
        assert bare.key_file(reader).read_text(encoding="utf-8") != key
        assert key not in rotated.output


async def test_rotation_ends_the_old_keys_and_only_ours(articles: Articles) -> None:
    old = articles.key_file("index").read_text(encoding="utf-8")
    foreign = await articles.do("POST", "/_security/api_key", {"name": "of-someone-else"})
    await install(articles.admin, plan(articles.settings, articles.keys_dir, rotate_keys=True))
    assert await status_of(articles, old) == 401
    assert await status_of(articles, articles.key_file("index").read_text(encoding="utf-8")) == 200
    assert await status_of(articles, foreign["encoded"]) == 200


async def status_of(articles: Articles, encoded: str) -> int:
    async with Connection(articles.settings, of_key(encoded)) as connection:
        return (await connection.ask("GET", "/_security/_authenticate")).status


async def test_a_wrong_password_is_said_before_patience_ends(articles: Articles) -> None:
    url = articles.settings.elasticsearch_url
    wrong = SetupSettings(elasticsearch_url=url, elasticsearch_password="wrong")
    async with Connection(wrong, administrator(wrong)) as connection:
        with pytest.raises(SetupError, match="refuses this user and password"):
            await wait_until_ready(connection, within=0.5)


async def test_a_key_folder_that_cannot_be_written_is_a_clear_error(bare: Articles) -> None:
    bare.keys_dir.write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(SetupError, match="could not write the key file"):
        await bare.install()


async def test_an_index_in_the_place_of_an_alias_is_a_clear_error(bare: Articles) -> None:
    await bare.do("PUT", "/articles")
    try:
        with pytest.raises(SetupError, match="articles"):
            await bare.install()
    finally:
        await bare.do("DELETE", "/articles")


async def test_waiting_has_an_end() -> None:
    settings = SetupSettings(elasticsearch_url="http://127.0.0.1:9", elasticsearch_password="x")
    async with Connection(settings, administrator(settings)) as connection:
        with pytest.raises(UnreachableError, match="not ready after"):
            await wait_until_ready(connection, within=0.2)
