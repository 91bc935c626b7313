"""Edge readers: their reports, and the doors that these come to."""
