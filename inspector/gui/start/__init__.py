"""A window without a store: the start page, and why a file cannot be opened."""
