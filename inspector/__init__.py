"""Stigmer Inspector: a read-only inspector for Stigmer's local store."""

__version__ = "0.1.0"
