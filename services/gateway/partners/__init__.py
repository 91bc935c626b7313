"""Machine clients of partner agencies: who they are, how they prove it, and what they may ask."""
