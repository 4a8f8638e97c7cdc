"""One page a file: PATH, TITLE, layout() and register_callbacks(app) in each."""
