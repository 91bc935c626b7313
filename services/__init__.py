"""The six services. They never import each other: they meet on topics and on granted views."""
