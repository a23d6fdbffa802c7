"""Enrich: raw articles in, articles with language, entities and topics out."""
