"""Every new, edited and withdrawn document once: operations of the index up to a checkpoint -> documents, cursor."""
