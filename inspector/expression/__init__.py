"""Filters in CEL: read, checked against a message type, and run on the tree of a record."""
