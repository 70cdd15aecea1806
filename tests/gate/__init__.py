"""The gate: the reader's answers held against hand labels, article by article."""
