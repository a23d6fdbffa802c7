"""Near-copies of one story: signature of an article's words -> its story, agreed upon in Redis."""
