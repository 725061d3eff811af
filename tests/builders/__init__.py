"""Code that writes stores for tests and for the demo."""
