"""How lists from elsewhere come: their files read line by line, by upload, watched folder and pull."""
