"""One record, in the right pane."""
