"""The feeds of the newsroom: which format, which outlet, which articles, and how each links to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from warta_local.newsroom.article import NewsArticle
from warta_local.newsroom.outlets import KABAR, PESISIR, POST, Outlet

UTM = "?utm_source=rss&utm_medium=feed&utm_campaign=populer"


class FeedFormat(StrEnum):
    """The formats that the newsroom publishes."""

    RSS_2 = "rss-2.0"
    RDF = "rss-1.0"
    RSS_091 = "rss-0.91"
    ATOM = "atom"
    JSON = "json-feed-1.1"
    GOOGLE_ALERTS = "google-alerts"

    @property
    def media_type(self) -> str:
        """What the format is served as."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    FeedFormat.RSS_2: "application/rss+xml",
    FeedFormat.RDF: "application/rdf+xml",
    FeedFormat.RSS_091: "text/xml",
    FeedFormat.ATOM: "application/atom+xml",
    FeedFormat.JSON: "application/feed+json",
    FeedFormat.GOOGLE_ALERTS: "application/atom+xml",
}


@dataclass(frozen=True, slots=True)
class Link:
    """One entry: the article's slug and what follows its path in the link."""

    slug: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed; `outlet` is None for the alert, which collects from all of them.

    `live` gives every entry the time of the poll as its update time, as a live page's feed does;
    `validators` says whether ETag and Last-Modified are sent.
    """

    id: str
    path: str
    format: FeedFormat
    title: str
    outlet: Outlet | None
    links: tuple[Link, ...]
    live: bool = False
    validators: bool = True

    @property
    def source(self) -> str:
        """The source code that an article of this feed gets."""
        return self.outlet.code if self.outlet else "GALERT"


def link_path(link: Link, article: NewsArticle) -> str:
    """Path and query as the feed writes them: AMP where the article has it, with tracking where it tracks."""
    return (article.amp_path if article.amp else article.path) + link.query


def _links(slugs: str) -> tuple[Link, ...]:
    """`a b?x=1` -> Link("a"), Link("b", "?x=1")."""
    pairs = [word.partition("?") for word in slugs.split()]
    return tuple(Link(slug, mark + query) for slug, mark, query in pairs)


FEEDS = (
    FeedSpec(
        "kabar-rss", "/feeds/kabar/rss.xml", FeedFormat.RSS_2, "Kabar Nusantara", KABAR,
        _links(
            "kur-umkm bi-rate-tetap penerimaan-pajak royalti-nikel tol-sumatra ruu-pemilu upah-minimum"
            " neraca-dagang?utm_source=rss&utm_medium=feed&fbclid=IwAR0kabar ihsg-rekor data-inflasi-gagal"
        ),
    ),
    FeedSpec(
        "kabar-populer", "/feeds/kabar/populer.rdf", FeedFormat.RDF, "Kabar Nusantara Terpopuler", KABAR,
        _links(
            f"bi-rate-tetap{UTM} ihsg-rekor{UTM} sidang-tipikor banjir-demak bulu-tangkis-kudus"
            " jadwal-konser-hilang"
        ),
    ),
    FeedSpec(
        "post-atom", "/feeds/post/atom.xml", FeedFormat.ATOM, "Archipelago Business Post", POST,
        _links(
            "msme-procurement bi-rate-hold budget-2027 coal-domestic-price geothermal-flores makassar-port"
            " regional-heads-budget asset-declarations cold-storage-ipo tender-withdrawn"
        ),
    ),
    FeedSpec(
        "post-json", "/feeds/post/feed.json", FeedFormat.JSON, "Archipelago Business Post: Business", POST,
        _links(
            "garment-workers state-firms-merger mandalika-sailing harvest-data-dump"
            " budget-2027?utm_source=jsonfeed&utm_medium=feed bi-rate-hold?utm_source=jsonfeed&gclid=Cj0abpost"
        ),
    ),
    FeedSpec(
        "post-live", "/feeds/post/live.xml", FeedFormat.ATOM, "Archipelago Business Post: Live", POST,
        _links("volcano-lewotobi"), live=True, validators=False,
    ),
    FeedSpec(
        "pesisir-rss", "/feeds/pesisir/rss091.xml", FeedFormat.RSS_091, "Harian Pesisir Utara", PESISIR,
        _links(
            "koperasi-desa banjir-demak-kawat solar-nelayan batik-pekalongan pasar-johar foto-sedekah-laut"
        ),
        validators=False,
    ),
    FeedSpec(
        "galert-umkm", "/feeds/alerts/umkm.xml", FeedFormat.GOOGLE_ALERTS, "Google Alert - UMKM", None,
        _links("kur-umkm msme-procurement koperasi-desa qris-digital-banks trade-pact-europe"),
        validators=False,
    ),
)  # fmt: skip
