"""Models for names beside the built-in tagger, found by entry point and read from local folders.

In the order of the data: `guard` cuts and cleans the texts, an adapter (`spacy_pipeline`, `token_classifier`,
`gliner_model`, `builtin`) annotates them, `kinds` says what its labels mean here, `token_names` hands them on as the
tagger would. `loading` puts them together; `contract` is what a backend of your own has to offer.
"""
