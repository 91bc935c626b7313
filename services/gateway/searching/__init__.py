"""Searching reads: the question, who must agree to it, whose reads may answer it, and what is done with the answer."""
