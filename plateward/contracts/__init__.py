"""What the services say to each other: the topics and the events on them. Imports nothing of ours."""
