"""Whether the watch over the access log finds misuse that was planted into a year of honest work."""
