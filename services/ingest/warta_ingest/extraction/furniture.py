"""What surrounds an article on its page: navigation, teasers, pop-ups, captions, and what is not shown."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

NEVER_TEXT = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "select", "option", "button", "textarea",
    "object", "canvas", "head", "title", "input", "math", "video", "audio", "figcaption", "dialog",
})  # fmt: skip
_BOXES = frozenset({"nav", "aside", "footer", "form", "figure", "menu"})
# Publishers put the names of sections and tags into the classes of the article itself.
_NEVER_FURNITURE = frozenset({"html", "body", "main", "article"})
_KIND = (
    r"(?:related\w*|recommend\w*|newsletters?|subscri\w*|shar(?:e|es|ing|er)|social(?:s|media)?|comments?|komentar"
    r"|disqus|promos?|promotion|advert\w*|ads?|adv|banner|iklan|sponsor(?:ed)?|outbrain|taboola|breadcrumbs?|tags?"
    r"|tagcloud|cookies?|consent|onetrust\w*|popup|modal|sidebar|footer|navigation|navbar|menu|pagination|paging|bio"
    r"|byline|authors?|penulis|popular|populer|terpopuler|trending|terkait|bacajuga|linksisip\w*|captions?|credits?"
    r"|copyright|disclaimer|signup|login|toolbar|tools|widget|rating|readmore|hidden|hide|invisible|d-none|sr-only|visuallyhidden|toc)"
)
_PART = (
    r"(?:[-_]+(?:box|block|lists?|links?|items?|container|wrapper|wrap|area|section|inner|bar|info|card|articles?"
    r"|news|posts?|story|stories|content|module|component|widget|unit|slot|form|buttons?|icons?|title|heading|text"
    r"|label|name|details?|desc|description|bio|images?|embed|\d+))*"
)
# A class says what an element is by its last word: `article-related-box`, but not `sidebar-grid`.
_NAMED = re.compile(rf"(?:[\w-]*[-_])?{_KIND}{_PART}", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LONGEST_NAME, _LONGEST_NAMES = 100, 2_000
_REMEMBERED = 20_000
_known: dict[str, bool] = {}


def is_furniture(element: HtmlElement) -> bool:
    """Whether an element says by its tag, class, id or style that it is not part of an article."""
    if element.tag in _BOXES:
        return True
    return any(_says_so(name, value, element.tag) for name, value in element.items())


def _says_so(attribute: str, value: str, tag: str) -> bool:
    if attribute in ("class", "id"):
        return tag not in _NEVER_FURNITURE and _is_named_so(value)
    if attribute == "style":
        return "none" in value and bool(_NOT_SHOWN.search(value))
    return attribute == "hidden" or (attribute == "aria-hidden" and value == "true")


def _is_named_so(names: str) -> bool:
    known = _known.get(names)
    if known is None:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        words = _CAMEL.sub("-", names[:_LONGEST_NAMES]).split()
        known = _known[names] = any(
            bool(_NAMED.fullmatch(word)) for word in words if len(word) <= _LONGEST_NAME
        )
    return known
