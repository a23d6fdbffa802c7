"""Articles of the index once more through enrichment: documents -> raw articles -> `articles.raw`."""
