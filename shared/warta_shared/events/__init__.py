"""The events that travel between the services, and their form on a stream."""

from warta_shared.events.article import Article, EnrichedArticle, RawArticle
from warta_shared.events.dead_letter import DeadLetter
from warta_shared.events.entry import Entry, InvalidMessage, decode_event
from warta_shared.events.mentions import Amount, CalendarDate, Entity, Mention, Percentage, Topic

__all__ = [
    "Amount",
    "Article",
    "CalendarDate",
    "DeadLetter",
    "EnrichedArticle",
    "Entity",
    "Entry",
    "InvalidMessage",
    "Mention",
    "Percentage",
    "RawArticle",
    "Topic",
    "decode_event",
]
