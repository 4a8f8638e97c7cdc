"""How long the pipeline takes and what it holds in memory, beside a plain script that does the same work."""
