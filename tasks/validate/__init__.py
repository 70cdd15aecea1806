"""The stage validate: records in, accepted and rejected rows out."""
