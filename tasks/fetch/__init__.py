"""The stage fetch: files in, raw pages out, archived as they came."""
