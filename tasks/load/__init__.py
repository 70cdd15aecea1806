"""The stage load: accepted rows in, the warehouse kept."""
