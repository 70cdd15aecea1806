"""The seven stages, a folder each, and what they share."""
