"""How right and how fast the recogniser's modes are, on photographs with a known truth."""
