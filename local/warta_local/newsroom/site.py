"""The newsroom as an ASGI app: pages, feeds, sitemap and robots.txt, and two controls for tests.

GET  /                        index             GET  /robots.txt, /sitemap.xml
GET  /{outlet}/               an outlet's list  GET  /feeds/...             (feeds.py)
GET  /{outlet}/{section}/{slug}, /{outlet}/amp/{slug}
POST /newsroom/edit           publish the second versions now
GET  /newsroom/report         polls, edits and answers so far, as JSON
GET  /newsroom/feeds.yaml     the feeds file for this site
"""

from __future__ import annotations

from base64 import b64decode
from functools import partial
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from warta_local.newsroom.article import NewsArticle, Outcome, slugify
from warta_local.newsroom.conditional import feed_response
from warta_local.newsroom.feeds import FEEDS, FeedSpec
from warta_local.newsroom.feeds_file import feeds_yaml
from warta_local.newsroom.outlets import OUTLETS
from warta_local.newsroom.pages import (
    RELATED_MAX,
    amp_page,
    article_page,
    gallery_page,
    index_page,
    oversized_page,
)
from warta_local.newsroom.request_counter import RequestCounter
from warta_local.newsroom.sitemap import news_sitemap, robots_txt
from warta_local.newsroom.state import Clock, Newsroom
from warta_local.newsroom.syndication import render

_PIXEL: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


def create_site(clock: Clock, edit_after_polls: int = 2) -> Starlette:
    """The site as an ASGI app with a fresh state; `clock` gives the time now with its zone.

    `edit_after_polls`: how many polls of its feed an article with a second version sits through.
    """
    newsroom = Newsroom(clock, edit_after_polls)
    routes = [
        Route("/", partial(_index, newsroom)),
        Route("/robots.txt", _robots),
        Route("/sitemap.xml", partial(_sitemap, newsroom)),
        Route("/img/{name}", _picture),
        Route("/newsroom/edit", partial(_edit, newsroom), methods=["POST"]),
        Route("/newsroom/report", partial(_report, newsroom)),
        Route("/newsroom/feeds.yaml", _feeds_file),
        *(Route(spec.path, partial(_feed, newsroom, spec)) for spec in FEEDS),
        Route("/{outlet}/", partial(_outlet, newsroom)),
        Route("/{outlet}/amp/{slug}", partial(_amp, newsroom)),
        Route("/{outlet}/{section}/{slug}", partial(_article, newsroom)),
    ]
    middleware = [Middleware(RequestCounter, answers=newsroom.answers), Middleware(GZipMiddleware)]
    return Starlette(routes=routes, middleware=middleware)


async def _feed(newsroom: Newsroom, spec: FeedSpec, request: Request) -> Response:
    entries = newsroom.poll(spec, _base(request))
    body = render(spec, entries, _base(request), newsroom.polls[spec.id])
    return feed_response(spec, entries, body, request.headers)


async def _article(newsroom: Newsroom, request: Request) -> Response:
    article = _requested(newsroom, request)
    if slugify(article.section) != request.path_params["section"]:
        raise HTTPException(404)
    fetches = newsroom.fetch(article.slug)
    match article.outcome:
        case Outcome.PUBLISHED:
            page = article_page(article, _related(newsroom, article), _base(request), fetches)
            return Response(page, headers={"Content-Type": f"text/html; charset={article.encoding}"})
        case Outcome.NO_TEXT:
            return Response(gallery_page(article, _base(request)), media_type="text/html")
        case Outcome.TOO_LARGE:
            return StreamingResponse(oversized_page(article), media_type="text/html")
        case Outcome.SERVER_ERROR:
            return PlainTextResponse("Internal Server Error", 500)
        case Outcome.GONE:
            return PlainTextResponse("Gone", 410)
        case Outcome.NOT_FOUND:
            raise HTTPException(404)


async def _amp(newsroom: Newsroom, request: Request) -> Response:
    article = _requested(newsroom, request)
    if not article.amp:
        raise HTTPException(404)
    return Response(amp_page(article, _base(request)), media_type="text/html")


async def _outlet(newsroom: Newsroom, request: Request) -> Response:
    outlet = OUTLETS.get(request.path_params["outlet"])
    if outlet is None:
        raise HTTPException(404)
    articles = [one for one in newsroom.articles() if one.outlet == outlet.id]
    feeds = [(spec.format.media_type, spec.path) for spec in FEEDS if spec.outlet is outlet]
    return Response(index_page(outlet.name, articles, feeds), media_type="text/html")


async def _index(newsroom: Newsroom, request: Request) -> Response:
    feeds = [(spec.format.media_type, spec.path) for spec in FEEDS]
    return Response(index_page("Warta newsroom", newsroom.articles(), feeds), media_type="text/html")


async def _sitemap(newsroom: Newsroom, request: Request) -> Response:
    articles = [one for one in newsroom.articles() if one.outcome is Outcome.PUBLISHED]
    return Response(news_sitemap(articles, _base(request)), media_type="application/xml")


async def _robots(request: Request) -> Response:
    return Response(robots_txt(_base(request)), media_type="text/plain")


async def _picture(request: Request) -> Response:
    return Response(_PIXEL, media_type="image/png")


async def _edit(newsroom: Newsroom, request: Request) -> Response:
    newsroom.edit()
    return JSONResponse({"edited": sorted(newsroom.edited)})


async def _report(newsroom: Newsroom, request: Request) -> Response:
    return JSONResponse(newsroom.report())


async def _feeds_file(request: Request) -> Response:
    return Response(feeds_yaml(_base(request)), media_type="application/yaml")


def _base(request: Request) -> str:
    """The site's own URL as the client wrote it: links then work from wherever the site is reached."""
    return str(request.base_url).rstrip("/")


def _requested(newsroom: Newsroom, request: Request) -> NewsArticle:
    """The article that the path names; 404 if there is none at this outlet."""
    try:
        article = newsroom.article(request.path_params["slug"])
    except KeyError:
        raise HTTPException(404) from None
    if article.outlet != request.path_params["outlet"]:
        raise HTTPException(404)
    return article


def _related(newsroom: Newsroom, article: NewsArticle) -> list[NewsArticle]:
    """The outlet's articles that follow this one, in a circle."""
    same = [one for one in newsroom.articles() if one.outlet == article.outlet]
    here = same.index(article)
    return (same[here + 1 :] + same[:here])[:RELATED_MAX]
