"""What happened within an execution."""
