"""GET and DELETE of one article: what is known of it, and its withdrawal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from warta_ingest.push.answering import answering
from warta_ingest.push.desk import Desk
from warta_ingest.push.identified import Identified
from warta_ingest.push.keys import Holder
from warta_ingest.push.problem import Problem
from warta_ingest.push.results import explained
from warta_ingest.registry.fate import Fate
from warta_ingest.registry.journey import known_record
from warta_ingest.registry.record import Record
from warta_ingest.sameness import BadUrlError, article_id, canonical_url
from warta_ingest.withdrawal import withdrawal
from warta_shared.delivery.client import Redis
from warta_shared.events.article import Source
from warta_shared.events.article_id import is_id
from warta_shared.registry.known import Known


class KnownArticle:
    """Of an article that was pushed, or found by ingest itself."""

    def __init__(self, desk: Desk, redis: Callable[[], Redis], partitions: int) -> None:
        self._desk = desk
        self._redis = redis
        self._partitions = partitions

    async def show(self, request: Request, holder: Holder) -> Response:
        """Its state; raises Problem."""
        allowance = await self._desk.count(holder, 1)
        identity = named(request.path_params, request.query_params)
        known = (await self._known(holder, identity)).article
        return JSONResponse(state(identity, known), headers=allowance.headers())

    async def withdraw(self, request: Request, holder: Holder) -> Response:
        """Withdraw it, once: its state after that. Raises Problem."""
        await self._desk.room()
        allowance = await self._desk.count(holder, 1)
        identity = named(request.path_params, request.query_params)
        record = await self._known(holder, identity)
        if record.article and not record.article.withdrawn:
            await self._withdraw(request, holder, identity, record)
            record = await self._known(holder, identity)
        return JSONResponse(state(identity, record.article), headers=allowance.headers())

    async def _withdraw(self, request: Request, holder: Holder, identity: str, record: Record) -> None:
        source = Source(id=record.article.source) if record.article else None
        url = request.query_params.get("url") or (record.page.url if record.page else None)
        drafts = [withdrawal(identity, source, url)] if source else []
        [result] = await self._desk.publish(request, holder, drafts, request.is_disconnected)
        self._desk.account(holder, [{"status": result.fate.value}])
        if result.fate in {Fate.FORBIDDEN, Fate.UNKNOWN}:  # changed since it was looked up
            raise Problem(404, "No such article is known here.")

    async def _known(self, holder: Holder, identity: str) -> Record:
        with answering():
            record = await known_record(self._redis(), self._partitions, identity)
        if record.article is None:
            raise Problem(404, "No such article is known here.")
        if not holder.may_push(record.article.source):
            raise Problem(403, "This key may not see or change articles of that source.")
        return record


def state(identity: str, known: Known | None) -> dict[str, Any]:
    """As it is told."""
    if known is None:
        raise Problem(404, "No such article is known here.")
    return {
        "id": identity,
        "status": "withdrawn" if known.withdrawn else "usable",
        "revision": known.revision,
        "source": known.source,
        "first_seen_at": _instant(known.first_seen_at),
        "observed_at": _instant(known.observed_at),
    }


def named(path: Mapping[str, Any], query: Mapping[str, str]) -> str:
    """The id that a path ends in, else that of the query: `url`, or `source` and `external_id`; raises Problem."""
    if given := path.get("id"):
        if not is_id(given):
            raise Problem(404, "An article's id is 26 letters a-z and digits 2-7.")
        return str(given)
    if "external_id" in query:
        return _of_external_id(query)
    if "url" not in query:
        raise Problem(400, "Name the article: by `url`, or by `source` and `external_id`.")
    try:
        return article_id(canonical_url(query["url"]))
    except BadUrlError as error:
        raise Problem(400, f"url: {error}.") from error


def _of_external_id(query: Mapping[str, str]) -> str:
    try:
        return Identified(source=query.get("source"), external_id=query["external_id"]).identity()
    except ValidationError as error:
        raise Problem(400, "; ".join(explained(error))) from error


def _instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
