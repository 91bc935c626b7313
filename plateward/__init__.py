"""Plateward: the open platform on which the agencies of a region run their licence-plate readers together."""
