"""How many reads a second a matcher takes, in what memory, how soon."""
