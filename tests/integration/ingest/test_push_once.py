"""Idempotency-Key under a real Redis: the answer of the first request, and nothing published by its repetitions."""

from __future__ import annotations

import asyncio

import pytest

from pushing import OTHER_KEY, Pushing, article, problem, pushing_to, results

FIRST = {"idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


async def test_a_repeated_request_gets_the_first_answer(pushing: Pushing) -> None:
    first = await pushing.push([article(1), {}], headers=FIRST)
    again = await pushing.push([article(1), {}], headers=FIRST)
    assert results(first) == [("published", 1), ("invalid", None)]
    assert (again.status_code, again.content, again.headers["content-type"]) == (
        first.status_code,
        first.content,
        first.headers["content-type"],
    )
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers


async def test_a_late_repetition_does_not_bring_the_older_version_back(pushing: Pushing) -> None:
    await pushing.push(article(body="First."), headers=FIRST)
    assert results(await pushing.push(article(body="Second."))) == [("published", 2)]
    assert results(await pushing.push(article(body="First."), headers=FIRST)) == [("published", 1)]
    assert [one["body"] for one in await pushing.published()] == ["First.", "Second."]


async def test_the_quotes_of_a_structured_string_are_no_part_of_the_key(pushing: Pushing) -> None:
    await pushing.push(article(), headers={"idempotency-key": '"k-1"'})
    answer = await pushing.push(article(), headers={"idempotency-key": "k-1"})
    assert answer.headers["idempotency-replayed"] == "true"


async def test_another_body_with_the_same_key_is_refused(pushing: Pushing) -> None:
    await pushing.push(article(1), headers=FIRST)
    assert "new one" in problem(await pushing.push(article(2), headers=FIRST), 422)["detail"]
    assert len(await pushing.published()) == 1


async def test_keys_of_two_holders_are_not_the_same(pushing: Pushing) -> None:
    await pushing.push(article(1), headers=FIRST)
    others = FIRST | {"authorization": f"Bearer {OTHER_KEY}"}
    assert results(await pushing.push(article(2), headers=others)) == [("published", 1)]


async def test_what_is_decided_is_kept_and_what_may_change_is_tried_again(redis_url: str) -> None:
    async with pushing_to(redis_url, push_articles_per_minute=3) as pushing:
        first = await pushing.push({}, headers={"idempotency-key": "invalid"})
        again = await pushing.push({}, headers={"idempotency-key": "invalid"})
        assert problem(again, 422) == problem(first, 422)
        assert again.headers["idempotency-replayed"] == "true"
        await pushing.push([article(1), article(2)])
        refused = await pushing.push([article(3), article(4)], headers=FIRST)
        problem(refused, 429)
        await pushing.redis.delete(*[key async for key in pushing.redis.scan_iter("push-rate*")])
        assert len(results(await pushing.push([article(3), article(4)], headers=FIRST))) == 2


async def test_of_two_at_once_one_waits(pushing: Pushing) -> None:
    many = [article(n) for n in range(300)]
    both = await asyncio.gather(*(pushing.push(many, headers=FIRST) for _ in range(2)))
    statuses = sorted(answer.status_code for answer in both)
    assert statuses in ([202, 202], [202, 409])
    for answer in both:
        if answer.status_code == 409:
            problem(answer, 409)
    assert len(await pushing.published()) == 300


@pytest.mark.parametrize("given", ["", "with space", "k" * 256, '"', "ä".encode("latin-1")])
async def test_a_key_that_is_none_is_told(pushing: Pushing, given: str | bytes) -> None:
    header = given if isinstance(given, bytes) else given.encode()
    problem(await pushing.push(article(), headers={b"idempotency-key": header}), 400)


async def test_an_answer_is_forgotten_in_time(redis_url: str) -> None:
    async with pushing_to(redis_url, push_once_hours=0.5 / 3_600) as pushing:
        await pushing.push(article(), headers=FIRST)
        await asyncio.sleep(0.7)
        assert results(await pushing.push(article(), headers=FIRST)) == [("unchanged", 1)]
        [place] = [key async for key in pushing.redis.scan_iter("push-once*")]
        assert 0 < await pushing.redis.pttl(place) <= 500
