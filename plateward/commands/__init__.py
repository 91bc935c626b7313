"""Commands of `plateward` that are a subject of their own."""
