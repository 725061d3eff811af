"""Records as JSON, streamed and atomic."""
