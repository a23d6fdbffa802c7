"""Is every article that was published in the index? The registry, the dead letters and the documents compared."""
