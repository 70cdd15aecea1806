"""The stage extract: an article in, its figures and reports out."""
