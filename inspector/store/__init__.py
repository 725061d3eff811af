"""The file: read-only, whatever state the daemon left it in."""
