"""GET and DELETE of one article under a real Redis: by its id, its URL, or the pusher's own id."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pushing import PATH, Pushing, article, problem, pushing_to, results
from warta_ingest.push.key_store import make_key
from warta_ingest.sameness import article_id, external_article_id

BY_URL = article_id("https://news.example/1")
BY_OWN_ID = external_article_id("S", "a/1 ?")


def state(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def test_an_article_is_known_by_its_id_and_by_its_url(pushing: Pushing) -> None:
    await pushing.push(article(1))
    [stored] = await pushing.published()
    known = state(await pushing.client.get(f"{PATH}/{BY_URL}"))
    assert known["id"] == BY_URL
    assert (known["status"], known["revision"], known["source"]) == ("usable", 1, "S")
    assert known["first_seen_at"] == known["observed_at"]
    assert known["observed_at"].startswith(str(stored["first_seen_at"])[:19])
    assert (
        state(await pushing.client.get(PATH, params={"url": "https://news.example/1?utm_source=x"})) == known
    )


async def test_an_article_is_known_by_its_pushers_id(pushing: Pushing) -> None:
    await pushing.push(article(1, external_id="a/1 ?"))
    own = {"source": "S", "external_id": "a/1 ?"}
    assert state(await pushing.client.get(PATH, params=own))["id"] == BY_OWN_ID
    problem(await pushing.client.get(PATH, params=own | {"source": "T"}), 404)


@pytest.mark.parametrize("name", [f"/{BY_URL}", "?url=https://news.example/1"])
async def test_delete_withdraws_once_and_keeps_nothing_of_the_text(pushing: Pushing, name: str) -> None:
    await pushing.push(article(1))
    first = state(await pushing.client.delete(f"{PATH}{name}"))
    assert (first["id"], first["status"], first["revision"]) == (BY_URL, "withdrawn", 2)
    assert state(await pushing.client.delete(f"{PATH}{name}")) == first
    assert state(await pushing.client.get(f"{PATH}{name}")) == first
    _, withdrawn = await pushing.published()
    assert (withdrawn["status"], withdrawn["body"]) == ("withdrawn", "Withdrawn.")
    assert results(await pushing.push(article(1))) == [("published", 3)]
    assert state(await pushing.client.get(f"{PATH}{name}"))["status"] == "usable"


async def test_what_is_not_known_or_not_named_is_told(pushing: Pushing) -> None:
    problem(await pushing.client.get(f"{PATH}/{BY_URL}"), 404)
    problem(await pushing.client.delete(f"{PATH}/{BY_URL}"), 404)
    problem(await pushing.client.get(f"{PATH}/no-id"), 404)
    problem(await pushing.client.get(PATH), 400)
    problem(await pushing.client.get(PATH, params={"url": "ftp://x"}), 400)
    problem(await pushing.client.get(PATH, params={"external_id": "1"}), 400)
    problem(await pushing.client.get(f"{PATH}/{BY_URL}", headers={"authorization": "Bearer no"}), 401)
    problem(await pushing.client.post(f"{PATH}/{BY_URL}"), 405)
    problem(await pushing.client.get("/elsewhere"), 404)


async def test_a_key_of_one_source_neither_sees_nor_withdraws_anothers(pushing: Pushing) -> None:
    secret, _, _ = await make_key(pushing.redis, "other", sources=["T"])
    theirs = {"authorization": f"Bearer {secret}"}
    await pushing.push(article(1))
    problem(await pushing.client.get(f"{PATH}/{BY_URL}", headers=theirs), 403)
    problem(await pushing.client.delete(f"{PATH}/{BY_URL}", headers=theirs), 403)
    assert len(await pushing.published()) == 1


async def test_looking_counts_against_the_key(redis_url: str) -> None:
    async with pushing_to(redis_url, push_articles_per_minute=2) as pushing:
        await pushing.push(article(1))
        state(await pushing.client.get(f"{PATH}/{BY_URL}"))
        problem(await pushing.client.get(f"{PATH}/{BY_URL}"), 429)
