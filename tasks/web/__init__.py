"""The one door to the web: requests within limits, to nobody but public addresses."""
