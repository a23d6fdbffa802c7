"""A new index in the place of the one that is there, without a pause: built beside it, compared, exchanged."""
