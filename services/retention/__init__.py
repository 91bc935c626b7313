"""The retention service: keeps reads and hits until the day that policy says, and then deletes them for good."""
