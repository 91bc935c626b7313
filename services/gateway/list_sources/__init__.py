"""Hot lists that come from elsewhere: reading a source's file line by line, and what a new file does to its list."""
