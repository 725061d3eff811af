"""The kinds of a store, in the left pane."""
