"""The use cases, one call each, for the command line and the window alike."""
