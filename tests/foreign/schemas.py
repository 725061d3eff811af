"""A descriptor set of google.protobuf's own descriptors under another name, and a file of blobs."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

from google.protobuf import descriptor_pb2, text_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

_FILE = FileDescriptorProto.FromString(descriptor_pb2.DESCRIPTOR.serialized_pb)
FIELDS = [field.SerializeToString() for one in _FILE.message_type for field in one.field]


def descriptors(path: Path) -> Path:
    """Messages such as ``own.FieldDescriptorProto``."""
    file = FileDescriptorProto.FromString(descriptor_pb2.DESCRIPTOR.serialized_pb)
    file.name, file.package = "own.proto", "own"
    file.ClearField("options")
    text = str(file).replace(".google.protobuf.", ".own.")
    made = FileDescriptorSet(file=[text_format.Parse(text, FileDescriptorProto())])
    for message in made.file[0].message_type:
        for field in message.field:
            if field.name == "type_name":
                field.options.debug_redact = True
    path.write_bytes(made.SerializeToString())
    return path


def foreign(path: Path) -> Path:
    """A table of gzipped messages, and one without row numbers."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, enc TEXT, data BLOB)")
        rows = [("Proto3", gzip.compress(data, mtime=0)) for data in FIELDS]
        connection.executemany("INSERT INTO t (enc, data) VALUES (?, ?)", [*rows, ("other", b"x")])
        connection.execute("CREATE TABLE w (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID")
        connection.execute("INSERT INTO w VALUES ('x', 1), ('x', 2), ('y', 1)")
        connection.commit()
    return path


MAP = """version = 1
[schema]
descriptor_sets = ["own.binpb"]
[match]
tables = ["t"]
[[column]]
at = "t.data"
message = "own.FieldDescriptorProto"
unpack = ["gzip"]
when = { enc = "Proto3" }
[secrets]
fields = ["json_name"]
"""
