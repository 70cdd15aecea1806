"""The bench: how fast the reader reads. It measures and reports; no test asserts a time."""
