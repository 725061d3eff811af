"""Blobs of tables that are nobody's records."""
