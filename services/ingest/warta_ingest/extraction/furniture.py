"""What surrounds an article on its page: navigation, teasers, pop-ups, captions, and what is not shown."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

NEVER_TEXT = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "select", "option", "button", "textarea",
    "object", "canvas", "head", "input", "math", "video", "audio", "figcaption", "dialog",
})  # fmt: skip
_BOXES = frozenset({"nav", "aside", "footer", "form", "figure", "menu"})
# Publishers put the names of sections and tags into the classes of the article itself.
_NEVER_FURNITURE = frozenset({"html", "body", "main", "article"})
_KIND = (
    r"(?:related\w*|recommend\w*|newsletters?|subscri\w*|shar(?:e|es|ing|er)|social(?:s|media)?|comments?|komentar"
    r"|disqus|promos?|promotion|advert\w*|ads?|adv|banner|iklan|sponsor(?:ed)?|outbrain|taboola|breadcrumbs?|tags?"
    r"|tagcloud|cookies?|consent|onetrust\w*|popup|modal|sidebar|footer|navigation|navbar|menu|pagination|paging|bio"
    r"|byline|authors?|penulis|popular|populer|terpopuler|trending|terkait|bacajuga|linksisip\w*|captions?|credits?"
    r"|copyright|disclaimer|signup|login|toolbar|tools|widget|rating|readmore|hidden|sr-only|visuallyhidden|toc)"
)
_PART = (
    r"(?:[-_]+(?:box|block|lists?|links?|items?|container|wrapper|wrap|area|section|inner|bar|info|card|articles?"
    r"|news|posts?|story|stories|content|module|component|widget|unit|slot|form|buttons?|icons?|title|heading|text"
    r"|label|name|details?|desc|description|bio|images?|embed|\d+))*"
)
# A class says what an element is by its last word: `article-related-box`, but not `sidebar-grid`.
_NAMED = re.compile(rf"(?:[\w-]*[-_])?{_KIND}{_PART}", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LONGEST_NAME = 100
_REMEMBERED = 20_000
_known: dict[str, bool] = {}


def is_furniture(element: HtmlElement) -> bool:
    """Whether an element says by its tag, class, id or style that it is not part of an article."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if _NOT_SHOWN.search(element.get("style", "")):
        return True
    if element.tag in _BOXES:
        return True
    if element.tag in _NEVER_FURNITURE:
        return False
    return any(_is_named_so(name) for name in f"{element.get('class', '')} {element.get('id', '')}".split())


def _is_named_so(name: str) -> bool:
    known = _known.get(name)
    if known is None:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        known = _known[name] = len(name) <= _LONGEST_NAME and bool(_NAMED.fullmatch(name))
    return known
