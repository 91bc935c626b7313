"""Sharing between agencies: memoranda of understanding, what they grant, and how that is decided and put in words."""
