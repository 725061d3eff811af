"""The versions of a record: timeline, comparison, blame, artifacts."""
