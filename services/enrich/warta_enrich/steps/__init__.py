"""The steps of enrichment, one file each, in reading order: language, entities by rule and by name, topics."""
