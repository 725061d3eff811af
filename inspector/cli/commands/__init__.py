"""The commands, a module each; see inspector/cli/names.py for how one is added."""
