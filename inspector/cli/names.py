"""The commands by name: what decides between an answer and a window imports nothing else.

To add a command NAME:

1. Write ``inspector/cli/commands/NAME_command.py`` with ``COMMAND = Command(run, add_arguments)``;
   what the two are, and what else a command can say of itself, is in inspector/cli/command.py.
2. Add its line below: the name, and what it does, verb first, without a full stop.

The parser, ``--help``, the nearest command to a mistyped one, the completions of the shells and the
manual page have it from here. A test asks for an example of it in README.md.
"""

from __future__ import annotations

from typing import Final

#: In the order of ``--help``.
COMMANDS: Final = {
    "info": "Describe the file: layout, journal, schemas, tables",
    "kinds": "List the kinds of the store, with counts",
    "list": "List the records of a kind",
    "find": "List the records of a kind for which a CEL expression is true",
    "show": "Print one record as JSON",
    "history": "List the versions of a record, newest first",
    "events": "List the events the store keeps of a record, oldest first",
    "watch": "Print what changes in the store, as it is seen",
    "diff": "Compare two versions of a record, or two records",
    "search": "Find a text in all records, and if wanted in their versions and events",
    "export": "Write records as JSON to a file or standard output",
    "snapshot": "Copy the store as it is now to one SQLite file",
    "compare": "Compare the records of two stores, or of two states of one",
    "bundle": "Write records for a bug report to a SQLite file, without secrets",
    "dump": "Print all rows in the shape of the removed debug endpoint",
    "commits": "List what the write-ahead log still holds, commit by commit, oldest first",
    "tables": "List the tables and views of any SQLite file",
    "rows": "Print the rows of a table of any SQLite file",
    "row": "Print one row of a table, or one of its values",
    "decode": "Decode a protobuf blob from a file or standard input",
    "fit": "Rank the messages of a schema by how well they fit a column",
    "check": "Decode every record, version and event and report problems",
}
