"""The list of records, in the middle pane."""
