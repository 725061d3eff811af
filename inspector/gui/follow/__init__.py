"""Following a store beside its daemon: looks, what they found, marks of what has just changed."""
