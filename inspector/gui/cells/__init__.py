"""Cells of tables and trees: runs of text, their layout and painting, columns."""
