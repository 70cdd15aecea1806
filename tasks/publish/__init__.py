"""The stage publish: the warehouse in, a public database file out."""
