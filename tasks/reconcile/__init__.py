"""The stage reconcile: reports in, one swap per real exchange out."""
