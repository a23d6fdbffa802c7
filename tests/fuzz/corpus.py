"""Well-formed inputs, a few of each kind: what the broken ones are made of."""

from __future__ import annotations

import json

from builders import raw_article
from enriched_articles import enriched_article, maximal_article
from tiny_site import page, rss

URL = "https://kabar.example/ekonomi/harga-beras"
RSS = rss((URL, "Harga &amp; beras"), (f"{URL}-2", "Cabai"), ttl=15).encode()
ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry><id>tag:1</id><title type="html">Rates '
    b'&lt;i&gt;hold&lt;/i&gt;</title><link rel="alternate" href="https://post.example/rates"/>'
    b"<updated>2025-06-02T09:30:00+07:00</updated><author><name>Clara</name></author><category term='Policy'/>"
    b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Held.</p></div></content></entry></feed>'
)
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item '
    b'rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link></item></rdf:RDF>'
)
SITEMAP = (
    b'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>'
    b"https://kabar.example/a</loc><lastmod>2025-06-02</lastmod></url></urlset>"
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "K",
        "items": [
            {
                "id": "1",
                "url": URL,
                "title": "T",
                "content_html": "<p>x</p>",
                "date_published": "2025-06-02T07:00:00Z",
            }
        ],
    }
).encode()
LD = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": "H",
                "datePublished": "2025-06-02T07:00:00+07:00",
                "author": [{"@type": "Person", "name": "Ratna"}],
                "articleBody": "Teks. " * 60,
            }
        ],
    }
)
PAGE = page("Harga beras").encode()
RICH = PAGE.replace(
    b"<body>",
    b'<script type="application/ld+json">'
    + LD.encode()
    + b"</script><body><nav><a href='/'>Beranda</a></nav>"
    b"<table><tr><td>Beras</td><td>Rp12.000</td></tr></table><time datetime='2025-06-02T08:00'>Senin, 2 Juni 2025"
    b" 08:00 WIB</time><p>Editor: Budi Santoso</p><div class='author'>Oleh Ratna</div>",
)
PUSHED = {
    "url": URL,
    "title": "T",
    "body": "Satu.\nDua.",
    "source": {"id": "GALERT", "country": "ID"},
    "published_at": "2025-06-02T09:00:00+07:00",
    "authors": ["Ratna"],
    "topics": ["04000000"],
    "extensions": {"desk": "pasar", "page": 3},
    "language": "id",
}
WITHDRAWN = {"external_id": "1", "status": "withdrawn"}
EVENTS = (raw_article(), enriched_article(), maximal_article())
ADDRESSES = (
    "https://User:pw@News.Example:443/a/../b;jsessionid=1?utm_source=x&b=2&a=1#top",
    "http://[2001:db8::1]:8080/%7euser/?q=%E2%82%AC&&a",
    "https://xn--bcher-kva.example/büch er?x=ä%",
    "HTTP://müller.example./a%2Fb?fbclid=1&page=2",
)
WRITTEN = (
    'kredit "suku bunga" -pajak source:KABAR topic:economy entity:"Bank Indonesia" lang:id since:7d -source:GALERT',
    "a|b begin* (c d) until:2025-06-02T08:00Z status:all",
)
