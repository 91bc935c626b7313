"""Hits that partners' machines get under an MOU: what is shared, and how it is delivered."""
