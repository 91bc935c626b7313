"""How fast the access log takes records, and how fast it proves them."""
