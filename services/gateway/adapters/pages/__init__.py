"""The pages for people, an area a file: server-rendered, each with its forms."""
