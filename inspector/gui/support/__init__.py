"""What helps when something goes wrong: logs, crashes, diagnostics, about."""
