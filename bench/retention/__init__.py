"""How fast one process stores reads from the topic, beside a bare COPY of the same rows."""
