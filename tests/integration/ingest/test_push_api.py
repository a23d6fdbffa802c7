"""The push API under uvicorn and a real Redis: what it takes, what it refuses and how, and when it says 202."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest

from drafts import NOON_MS, settings
from ingest_servers import connected, http_client, serving, stream_bodies
from pushing import KEY, OTHER_KEY, PATH, Pushing, article, problem, pushing_to, results
from warta_ingest.push.api import push_api
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.sameness import article_id, external_article_id
from warta_local.redis_server import RedisServer
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.names import RAW
from warta_shared.events.traceparent import read_traceparent
from warta_shared.secrets.push_keys import key_line


async def test_one_article_is_in_redis_when_202_is_said(pushing: Pushing) -> None:
    answer = await pushing.push(
        article(published_at="2025-06-02T09:00:00+07:00", extensions={"desk": "pasar"})
    )
    assert answer.json() == {
        "results": [
            {"index": 0, "id": article_id("https://news.example/1"), "status": "published", "revision": 1}
        ]
    }
    assert answer.status_code == 202
    [stored] = await pushing.published()
    assert stored["id"] == article_id("https://news.example/1")
    assert (stored["title"], stored["body"], stored["source"]["id"]) == ("Title 1", "Body.", "S")
    assert (stored["published_at"], stored["published_source"]) == ("2025-06-02T02:00:00.000Z", "push")
    assert stored["extensions"] == {"desk": "pasar"}
    assert stored["observed_at"] > NOON_MS


async def test_a_list_has_a_result_for_each_in_order(pushing: Pushing) -> None:
    answer = await pushing.push([article(1), {"title": "no more"}, article(2), 5, article(1)])
    assert results(answer) == [
        ("superseded", 1),
        ("invalid", None),
        ("published", 1),
        ("invalid", None),
        ("published", 1),
    ]
    errors = answer.json()["results"][1]["errors"]
    assert any(error.startswith("body:") for error in errors)
    assert any(error.startswith("source:") for error in errors)
    assert len(await pushing.published()) == 2


async def test_ndjson_has_a_result_for_each_line(pushing: Pushing) -> None:
    lines = b"\n".join([orjson.dumps(article(1)), b"{broken", b"", orjson.dumps(article(2))])
    answer = await pushing.send(lines, content_type="application/x-ndjson")
    assert results(answer) == [("published", 1), ("invalid", None), ("published", 1)]
    assert answer.json()["results"][1]["errors"][0].startswith("not JSON")


async def test_gzip_is_unpacked(pushing: Pushing) -> None:
    packed = gzip.compress(orjson.dumps([article(1), article(2)]))
    answer = await pushing.send(packed, content_encoding="gzip")
    assert results(answer) == [("published", 1), ("published", 1)]


async def test_a_body_may_come_in_pieces_without_a_length(pushing: Pushing) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for byte in orjson.dumps(article()):
            yield bytes([byte])

    assert results(await pushing.send(pieces())) == [("published", 1)]


async def test_sending_again_is_unchanged_editing_makes_a_revision(pushing: Pushing) -> None:
    pushed = article(external_id="a-1")
    assert results(await pushing.push(pushed)) == [("published", 1)]
    assert results(await pushing.push(pushed)) == [("unchanged", 1)]
    assert results(await pushing.push(pushed | {"body": "Edited."})) == [("published", 2)]
    assert results(await pushing.push(pushed | {"body": "Edited.", "url": None})) == [("published", 2)]
    stored = await pushing.published()
    assert {one["id"] for one in stored} == {external_article_id("S", "a-1")}
    assert [one["body"] for one in stored] == ["Body.", "Edited.", "Edited."]
    assert [one["url"] for one in stored] == ["https://news.example/1"] * 2 + [None]


async def test_a_withdrawal_is_a_version_with_that_status(pushing: Pushing) -> None:
    await pushing.push(article())
    assert results(await pushing.push(article(status="withdrawn"))) == [("published", 1)]
    first, second = await pushing.published()
    assert (first["status"], second["status"]) == ("usable", "withdrawn")
    assert second["observed_at"] > first["observed_at"]


async def test_the_callers_trace_goes_on(pushing: Pushing) -> None:
    trace = f"00-{'ab' * 16}-{'cd' * 8}-01"
    for header in (trace, "nonsense\u00e9"):
        await pushing.push(article(len(header)), headers={b"traceparent": header.encode("latin-1")})
    sent, own = [fields[b"traceparent"].decode() for _, fields in await pushing.redis.xrange(RAW)]
    assert sent == trace
    assert read_traceparent(own) == own != ""


async def test_400_for_what_is_no_request(pushing: Pushing) -> None:
    for content in (b"{", b"", b"[]", b"\xff\xff", b"[" * 2_000):
        problem(await pushing.send(content), 400)
    problem(await pushing.send(b"not gzip", content_encoding="gzip"), 400)
    assert await pushing.published() == []


async def test_401_without_a_key_with_a_wrong_one_and_in_another_scheme(pushing: Pushing) -> None:
    for header in ("", "Bearer wrong", f"Basic {KEY}", "Bearer"):
        answer = await pushing.push(article(), headers={"authorization": header})
        told = problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert KEY not in told["detail"]
    assert await pushing.published() == []


async def test_401_comes_before_the_body_is_looked_at(pushing: Pushing) -> None:
    answer = await pushing.send(b"x" * 1_000_000, authorization="Bearer wrong", content_encoding="br")
    problem(answer, 401)


async def test_408_for_a_body_that_drips(redis_url: str) -> None:
    async def drips() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" "
            await asyncio.sleep(0.05)

    async with pushing_to(redis_url, push_deadline=0.2) as pushing:
        problem(await pushing.send(drips()), 408)


async def test_413_from_one_byte_more_than_the_limit(redis_url: str) -> None:
    largest = orjson.dumps(article(body="b" * 1_000))
    async with pushing_to(redis_url, push_bytes_max=len(largest)) as pushing:
        assert results(await pushing.send(largest)) == [("published", 1)]
        assert "bytes" in problem(await pushing.send(largest + b" "), 413)["detail"]
        packed = gzip.compress(largest + b" ")
        assert "unpacked" in problem(await pushing.send(packed, content_encoding="gzip"), 413)["detail"]


async def test_413_reaches_a_client_that_sends_far_too_much(redis_url: str) -> None:
    async with pushing_to(redis_url, push_bytes_max=100_000) as pushing:
        problem(await pushing.send(b"x" * 20_000_000), 413)


async def test_413_for_one_article_more_than_the_limit(redis_url: str) -> None:
    async with pushing_to(redis_url, push_articles_max=3) as pushing:
        assert len(results(await pushing.push([article(n) for n in range(3)]))) == 3
        problem(await pushing.push([article(n) for n in range(4)]), 413)


async def test_413_for_more_articles_than_a_key_may_ever_push_at_once(redis_url: str) -> None:
    """429 would have the client come back for ever."""
    async with pushing_to(redis_url, push_articles_per_minute=2) as pushing:
        problem(await pushing.push([article(n) for n in range(3)]), 413)


async def test_415_for_other_types_and_encodings(pushing: Pushing) -> None:
    problem(await pushing.send(b"{}", content_type="text/xml"), 415)
    problem(await pushing.send(b"{}", content_encoding="br"), 415)


async def test_422_when_nothing_is_valid_says_what_is_wrong_with_each(pushing: Pushing) -> None:
    told = problem(await pushing.push([{"title": "x"}, article(url="gopher://x")]), 422)
    assert [result["status"] for result in told["results"]] == ["invalid", "invalid"]
    assert "url" in told["results"][1]["errors"][0]


async def test_429_for_a_key_that_pushes_too_much_and_for_that_one_only(redis_url: str) -> None:
    async with pushing_to(redis_url, push_articles_per_minute=2) as pushing:
        assert len(results(await pushing.push([article(1), article(2)]))) == 2
        answer = await pushing.push(article(3))
        problem(answer, 429)
        assert answer.headers["retry-after"] == "30"
        other = {"authorization": f"Bearer {OTHER_KEY}"}
        assert results(await pushing.push(article(3), headers=other)) == [("published", 1)]


async def test_429_when_all_that_is_pushed_changes_too_often(redis_url: str) -> None:
    async with pushing_to(redis_url, max_revisions_per_hour=1) as pushing:
        await pushing.push(article())
        assert results(await pushing.push(article(body="Second."))) == [("published", 2)]
        answer = await pushing.push(article(body="Third."))
        [told] = problem(answer, 429)["results"]
        assert told["status"] == "revision-capped"
        assert 1 <= told["retry_after"] == int(answer.headers["retry-after"]) <= 3_600
        mixed = await pushing.push([article(body="Third."), article(2)])
        assert results(mixed) == [("revision-capped", 2), ("published", 1)]


async def test_503_when_the_backlog_is_too_long_and_nothing_is_stored(redis_url: str) -> None:
    async with pushing_to(redis_url, max_backlog=5) as pushing:
        await pushing.redis.xgroup_create(RAW, ENRICH.name, id="0", mkstream=True)
        assert len(results(await pushing.push([article(n) for n in range(6)]))) == 6
        answer = await pushing.push(article(7))
        assert "backlog" in problem(answer, 503)["detail"]
        assert answer.headers["retry-after"] == "5"
        await pushing.redis.xtrim(RAW, maxlen=0)
        await pushing.redis.xgroup_setid(RAW, ENRICH.name, "$", entries_read=6)
        assert results(await pushing.push(article(7))) == [("published", 1)]


async def test_503_when_redis_has_no_memory_and_what_was_stored_stays(redis_url: str) -> None:
    async with pushing_to(redis_url, max_memory_ratio=1.0) as pushing:
        await pushing.push(article(1))
        used = (await pushing.redis.info("memory"))["used_memory"]
        await pushing.redis.config_set("maxmemory", used + 200_000)
        heavy = [article(n, body="b" * 20_000) for n in range(2, 32)]
        told = problem(await pushing.push(heavy), 503)
        assert "send the same again" in told["detail"] or "memory" in told["detail"]
        await pushing.redis.config_set("maxmemory", 0)
        assert len(results(await pushing.push(heavy))) == 30
        assert len(await pushing.published()) == 31


async def test_503_while_redis_is_away_and_202_again_when_it_is_back(redis_server: RedisServer) -> None:
    async with pushing_to(redis_server.url) as pushing:
        await pushing.push(article(1))
        redis_server.kill()
        answer = await pushing.push(article(2))
        problem(answer, 503)
        assert int(answer.headers["retry-after"]) >= 1
        redis_server.restart()
        assert results(await pushing.push([article(1), article(2)])) == [("unchanged", 1), ("published", 1)]


async def test_503_when_redis_goes_away_between_the_question_and_the_writing(
    redis_server: RedisServer,
) -> None:
    """`refusal` is remembered for a second: Redis may be gone by the time of the script."""
    given = settings(redis_url=redis_server.url, push_keys=key_line("wire", KEY))

    async def always() -> str:
        return ""

    async with connected(given) as redis:
        api = push_api(given, lambda: redis, ArticlePublisher(lambda: redis, given), always)
        async with (
            serving(api) as url,
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as client,
        ):
            headers = {"authorization": f"Bearer {KEY}"}
            redis_server.kill()
            told = problem(await client.post(PATH, json=article(), headers=headers), 503)
            assert "send the same again" in told["detail"]


async def test_503_when_large_requests_fill_the_memory_set_aside_for_them(redis_url: str) -> None:
    body = orjson.dumps(article(body="b" * 90_000))
    gate = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield body[:-1]
        await gate.wait()
        yield body[-1:]

    async with pushing_to(redis_url, push_bytes_max=100_000, push_bytes_in_flight=200_000) as pushing:
        waiting = [asyncio.create_task(pushing.send(slow())) for _ in range(2)]
        await asyncio.sleep(0.5)  # both lie in the server's memory now
        assert "large requests" in problem(await pushing.send(body), 503)["detail"]
        assert results(await pushing.push(article(2))) == [("published", 1)]
        gate.set()
        assert {one.status_code for one in await asyncio.gather(*waiting)} == {202}
        assert (await pushing.send(body)).status_code == 202


async def test_405_for_other_methods(pushing: Pushing) -> None:
    for method in ("PUT", "PATCH"):
        answer = await pushing.client.request(method, PATH)
        problem(answer, 405)
        assert set(answer.headers["allow"].split(", ")) == {"DELETE", "GET", "POST"}


async def test_500_is_a_problem_document_too(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    given = settings(redis_url=redis_url, push_keys=key_line("wire", KEY))

    async def broken() -> str:
        raise ZeroDivisionError

    async with connected(given) as redis:
        api = push_api(given, lambda: redis, ArticlePublisher(lambda: redis, given), broken)
        async with serving(api) as url, http_client(url, authorization=f"Bearer {KEY}") as client:
            answer = await client.post(PATH, json=article())
    problem(answer, 500)
    assert "ZeroDivisionError" in caplog.text


async def test_a_client_that_hangs_up_leaves_nothing_behind(
    pushing: Pushing, caplog: pytest.LogCaptureFixture
) -> None:
    address = pushing.client.base_url
    _, writer = await asyncio.open_connection(address.host, address.port)
    head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-type: application/json\r\n"
    writer.write(f"{head}content-length: 1000\r\n\r\n[".encode())
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.close()
    await writer.wait_closed()
    assert results(await pushing.push(article())) == [("published", 1)]
    assert "Traceback" not in caplog.text


async def test_logs_hold_neither_bodies_nor_keys(pushing: Pushing, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="warta_ingest")
    secret = "only-the-reader-may-know-this"
    await pushing.push([article(body=secret, title=secret), article(2, language=secret), secret])
    await pushing.send(secret.encode())
    await pushing.push({"extensions": {secret: 1}})
    records = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("warta"))
    assert "'key': 'wire'" in records
    assert secret not in records
    assert KEY not in records


async def test_partitions_share_the_articles(redis_url: str) -> None:
    async with pushing_to(redis_url, partitions=8) as pushing:
        assert {fate for fate, _ in results(await pushing.push([article(n) for n in range(50)]))} == {
            "published"
        }
        assert await pushing.redis.exists(RAW) == 0
        assert len(await pushing.published()) == 50


async def test_what_a_client_has_given_up_does_not_come_after_what_it_sent_since(redis_url: str) -> None:
    """Redis stands still for a moment; a push hangs in it, its client gives up and sends a newer version elsewhere."""
    given = settings(redis_url=redis_url, push_keys=key_line("wire", KEY))

    async def always() -> str:
        return ""

    async with connected(given) as redis:
        api = push_api(given, lambda: redis, ArticlePublisher(lambda: redis, given), always)
        async with serving(api) as url, http_client(url, authorization=f"Bearer {KEY}") as client:
            assert results(await client.post(PATH, json=article())) == [("published", 1)]
            await redis.client_pause(1_000, all=True)
            with pytest.raises(httpx.ReadTimeout):
                await client.post(PATH, json=article(title="Old"), timeout=0.3)
            await asyncio.sleep(1.5)
        titles = [published["title"] for published in await stream_bodies(redis, RAW, given.partitions)]
    assert titles == ["Title 1"]
