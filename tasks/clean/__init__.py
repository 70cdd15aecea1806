"""The stage clean: a raw page in, an article out."""
