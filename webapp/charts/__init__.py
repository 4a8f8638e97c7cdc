"""One chart a file, each a pure function of tables."""
