"""What edge readers say of the plates that they have read, each maker in its own words: document in, reads out."""
