"""Bytes to an immutable tree, and the tree to text."""
