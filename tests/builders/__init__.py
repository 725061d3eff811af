"""Code that writes stores for tests and for the demo, and the tables that are handed out."""
