"""Which message a column is of."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from inspector.export.record_text import message_text
from inspector.foreign.blob_reading import blob_record
from inspector.foreign.message_fit import ranked, sample
from inspector.foreign.message_set import message_set
from tests.foreign.schemas import FIELDS, descriptors

_LEVELS = 3


def _value(field: Any, chance: random.Random) -> Any:
    if field.enum_type is not None:
        return chance.choice(field.enum_type.values).number
    if field.cpp_type == field.CPPTYPE_STRING:
        text = "".join(chance.choices("abcdefgh_.", k=chance.randint(1, 12)))
        return text.encode() + b"\xff" if field.type == field.TYPE_BYTES else text
    if field.cpp_type == field.CPPTYPE_BOOL:
        return chance.random() < 0.5
    if field.cpp_type in (field.CPPTYPE_DOUBLE, field.CPPTYPE_FLOAT):
        return chance.uniform(-1e6, 1e6)
    return chance.randint(0, 1 << 20)


def _filled(made: Message, chance: random.Random, level: int = 0) -> Message:
    for field in made.DESCRIPTOR.fields:
        if chance.random() < 0.5 and not (field.message_type and level >= _LEVELS):
            if field.message_type is None:
                value = _value(field, chance)
                if field.is_repeated:
                    getattr(made, field.name).append(value)
                else:
                    setattr(made, field.name, value)
            else:
                inner = getattr(made, field.name)
                one = inner.add() if field.is_repeated else inner
                one.SetInParent()
                _filled(one, chance, level + 1)
        elif field.is_required:
            setattr(made, field.name, _value(field, chance))
    return made


def test_the_true_message_comes_first_in_95_of_100_columns(tmp_path: Path) -> None:
    messages = message_set(str(descriptors(tmp_path / "own.binpb"))).messages
    chance = random.Random(15)
    names = sorted(name for name, one in messages.items() if one.fields)
    missed = []
    for number in range(100):
        name = names[number % len(names)]
        inner = name.removeprefix("own.")
        own: Any = descriptor_pb2.DESCRIPTOR
        for index, part in enumerate(inner.split(".")):
            own = own.nested_types_by_name[part] if index else own.message_types_by_name[part]
        column = [_filled(GetMessageClass(own)(), chance).SerializeToString() for _ in range(50)]
        first = ranked(messages, sample(column))[0].message
        # What no bytes can tell apart counts as the same.
        alike = [(f.number, f.type, f.repeated) for f in messages[first].fields.values()]
        if alike != [(f.number, f.type, f.repeated) for f in messages[name].fields.values()]:
            missed.append((name, first))
    assert len(missed) <= 5, missed


def test_decode_agrees_with_protobuf(tmp_path: Path) -> None:
    import json

    found = message_set(str(descriptors(tmp_path / "own.binpb"))).find("FieldDescriptorProto")
    for data in FIELDS:
        record = blob_record(data, found, table="t", key="1", schema="own")
        theirs = MessageToDict(descriptor_pb2.FieldDescriptorProto.FromString(data))
        assert json.loads(message_text(record, reveal=True).text) == theirs


def test_nothing_fits_what_is_no_message(tmp_path: Path) -> None:
    messages = message_set(str(descriptors(tmp_path / "own.binpb"))).messages
    assert ranked(messages, [b"\xff\xff"] * 9) == []
    assert ranked(messages, []) == []
