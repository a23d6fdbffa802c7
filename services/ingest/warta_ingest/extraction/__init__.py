"""From a page, or a feed's own content, to the text and facts of an article."""
