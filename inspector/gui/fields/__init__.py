"""The field tree of a record."""
