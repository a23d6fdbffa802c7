"""The pages that were fetched, kept as they were (WARC), so that they can be read anew: `warta backfill`."""
