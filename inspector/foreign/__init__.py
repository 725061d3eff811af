"""Files that are no stores: what their cells hold, and maps that say how to read them."""
