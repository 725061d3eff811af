"""Keys of maps that are written as those of another map would be."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

from inspector.decode.decoder import decode
from inspector.decode.node import NodeKind
from inspector.foreign.message_set import message_set

_F = FieldDescriptorProto
#: How a key is written, and what it says to a map whose keys are of that type.
_KEYS = (b"", b"\x08\x01", b"\x0a\x01k", b"\x0d\x05\x00\x00\x00")
_SAID: dict[int, dict[bytes, object]] = {
    _F.TYPE_INT64: {b"\x08\x01": 1},
    _F.TYPE_STRING: {b"\x0a\x01k": "k"},
    _F.TYPE_BOOL: {b"\x08\x01": True},
    _F.TYPE_FIXED32: {b"\x0d\x05\x00\x00\x00": 5},
}
_ABSENT: dict[int, object] = {
    _F.TYPE_INT64: 0,
    _F.TYPE_STRING: "",
    _F.TYPE_BOOL: False,
    _F.TYPE_FIXED32: 0,
}


def _file(key: FieldDescriptorProto.Type.ValueType) -> FileDescriptorProto:
    """A message with a map from keys of a type to texts."""
    entry = DescriptorProto(name="FEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, label=1, type=key)
    entry.field.add(name="value", number=2, label=1, type=_F.TYPE_STRING)
    file = FileDescriptorProto(name="m.proto", package="m", syntax="proto3")
    made = file.message_type.add(name="M", nested_type=[entry])
    made.field.add(name="f", number=1, label=3, type=11, type_name=".m.M.FEntry")
    return file


@pytest.mark.parametrize("key", list(_SAID), ids=["int64", "string", "bool", "fixed32"])
def test_a_key_of_another_wire_type_is_none(
    tmp_path: Path, key: FieldDescriptorProto.Type.ValueType
) -> None:
    path = tmp_path / "m.binpb"
    path.write_bytes(FileDescriptorSet(file=[_file(key)]).SerializeToString())
    message = message_set(str(path)).messages["m.M"]
    for first, second in product(_KEYS, _KEYS):
        entries = (first + b"\x12\x01a", second + b"\x12\x01b")
        data = b"".join(bytes((0x0A, len(one))) + one for one in entries)
        [listed] = decode(data, message).root.children
        ours = {one.label: one.value for one in listed.children if one.kind == NodeKind.SCALAR}
        said = [_SAID[key].get(one, _ABSENT[key]) for one in (first, second)]
        # Of two entries with one key the last one counts, as Go has it.
        assert ours == dict(zip(said, "ab", strict=True)), data.hex()
