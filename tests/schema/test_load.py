"""Descriptor sets -> plain objects, beside what google.protobuf's own pools say."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from inspector.schema.catalog import GENERATIONS, catalog, descriptor_set, generation
from inspector.schema.kinds import kind_rows
from inspector.schema.load import load
from inspector.schema.pools import message_class, pool
from inspector.schema.types import Field, MessageType, ScalarType

STRUCT = "google.protobuf.Struct"

each_generation = pytest.mark.parametrize("name", GENERATIONS)


def shown(field: Field) -> tuple[object, ...]:
    named = field.message or field.enum
    return (
        field.number,
        field.name,
        field.json_name,
        int(field.type),
        field.repeated,
        field.presence,
        field.oneof,
        named and named.full_name,
    )


def reference(field: FieldDescriptor) -> tuple[object, ...]:
    named = field.message_type or field.enum_type
    oneof = field.containing_oneof
    # A proto3 optional field lies in a synthetic oneof of one field, named after it.
    synthetic = oneof is not None and oneof.name == f"_{field.name}"
    return (
        field.number,
        field.name,
        field.json_name,
        field.type,
        field.is_repeated,
        field.has_presence,
        oneof.name if oneof is not None and not synthetic else None,
        named and named.full_name,
    )


@each_generation
def test_every_message_is_as_the_pool_has_it(name: str) -> None:
    for message in generation(name).messages.values():
        descriptor = pool(name).FindMessageTypeByName(message.full_name)
        fields = sorted(descriptor.fields, key=lambda field: field.number)
        assert [shown(field) for field in message.fields.values()] == [
            reference(field) for field in fields
        ]


@each_generation
def test_map_fields_look_into_their_entries(name: str) -> None:
    maps = [
        field
        for message in generation(name).messages.values()
        for field in message.fields.values()
        if field.is_map
    ]
    assert maps
    for field in maps:
        assert field.message is not None
        assert (field.map_key, field.map_value) == tuple(field.message.fields.values())
        assert field.message.full_name not in generation(name).messages


def test_struct_holds_itself() -> None:
    value = generation("2026-10").messages["google.protobuf.Value"]
    fields = {field.name: field for field in value.fields.values()}
    assert fields["struct_value"].message is generation("2026-10").messages[STRUCT]
    assert fields["struct_value"].oneof == "kind"
    assert fields["null_value"].enum is not None
    assert fields["null_value"].enum.names == {0: "NULL_VALUE"}


def test_proto3_optional_is_presence_without_a_oneof() -> None:
    arm = generation("2026-10").messages["ai.stigmer.agentic.evalrun.v1.EvalRunArm"]
    score = arm.fields[1]
    assert (score.name, score.presence, score.oneof) == ("score", True, None)
    assert score.type is ScalarType.DOUBLE


def test_the_same_number_means_another_thing_in_another_generation() -> None:
    metadata = "ai.stigmer.commons.apiresource.ApiResourceMetadata"
    assert generation("2026-01-26").messages[metadata].fields[5].name == "owner_scope"
    assert generation("2026-10").messages[metadata].fields[5].name == "visibility"


def test_the_first_name_of_a_number_wins_and_nested_types_are_found() -> None:
    files = FileDescriptorSet()
    outer = files.file.add(name="a.proto", syntax="proto3").message_type.add(name="Outer")
    enum = outer.nested_type.add(name="Inner").enum_type.add(name="Mood")
    for value_name in ("CALM", "QUIET"):
        enum.value.add(name=value_name, number=0)
    outer.field.add(name="mood", number=9, type=14, label=1, type_name=".Outer.Inner.Mood")
    outer.field.add(name="inner", number=2, type=11, label=1, type_name=".Outer.Inner")
    loaded = load("x", files.SerializeToString(), kind_rows(), {})
    fields = loaded.messages["Outer"].fields
    assert list(fields) == [2, 9]
    assert fields[9].enum is not None
    assert fields[9].enum.names == {0: "CALM"}
    assert fields[2].message is loaded.messages["Outer.Inner"]
    assert not loaded.kinds


def test_a_generation_is_loaded_once_and_has_no_object_of_another() -> None:
    assert generation("2026-10") is catalog()["2026-10"]
    seen: dict[MessageType, str] = {}
    for name in GENERATIONS:
        for message in generation(name).messages.values():
            assert seen.setdefault(message, name) == name


@each_generation
def test_pool_classes_read_and_write(name: str) -> None:
    agent = message_class(name, "ai.stigmer.agentic.agent.v1.Agent")
    assert agent is message_class(name, "ai.stigmer.agentic.agent.v1.Agent")
    assert agent.FromString(b"\x0a\x01v").SerializeToString() == b"\x0a\x01v"
    with pytest.raises(KeyError):
        message_class(name, "ai.stigmer.agentic.agent.v1.Nobody")


def test_descriptor_sets_carry_no_comments_and_stand_alone() -> None:
    for name in GENERATIONS:
        files = FileDescriptorSet.FromString(descriptor_set(name)).file
        names = {file.name for file in files}
        assert all(not file.HasField("source_code_info") for file in files)
        assert all(wanted in names for file in files for wanted in file.dependency)
