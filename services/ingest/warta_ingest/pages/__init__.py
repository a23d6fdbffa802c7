"""Pages that a feed led to: fetched, extracted, published."""
