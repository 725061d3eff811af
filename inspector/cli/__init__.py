"""The command line: answers on stdout, talk on stderr, no Qt."""
