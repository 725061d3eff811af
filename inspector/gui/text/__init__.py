"""Read-only text of any size: laid out, folded, coloured, searched; JSON among it."""
