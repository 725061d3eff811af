"""The commands, by name alone: what decides between an answer and a window imports nothing else."""

COMMANDS = ("info", "kinds", "list", "show", "history", "export", "dump", "check", "diff", "events")
