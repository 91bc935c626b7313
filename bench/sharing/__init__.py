"""`make bench-sharing`: a search over many owners with many agreements in force."""
