"""Generated descriptors, printed as source: both read alike, and as protoc reads the source."""

from __future__ import annotations

import string
import tempfile
from pathlib import Path
from typing import Final

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FeatureSet,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.errors import SchemaError
from inspector.schema import bounds
from inspector.schema.declared import EDITIONS
from inspector.schema.own import read_own
from inspector.schema.proto_source import read
from tests.schema.protos import compiled, file_set, generated, printed, written

Types = FieldDescriptorProto
SCALARS: Final = [number for number in Types.Type.values() if number not in (10, 11, 14)]
KEYS: Final = [number for number in SCALARS if number not in (1, 2, 12)]
SYNTAXES: Final = ["", "proto3", "2023", "2024"]
Draw = st.DrawFn

few = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Maker:
    """Draws the parts of one file."""

    def __init__(self, draw: Draw, index: int, before: list[FileDescriptorProto]) -> None:
        self.draw = draw
        syntax = draw(st.sampled_from(SYNTAXES))
        self.syntax = syntax
        self.file = FileDescriptorProto(name=f"d{index % 2}/f{index}.proto", package=f"p.q{index}")
        if syntax in EDITIONS:
            self.file.syntax, self.file.edition = "editions", EDITIONS[syntax]
            if syntax == "2024":  # which insists on how names look
                self.file.options.features.enforce_naming_style = FeatureSet.STYLE_LEGACY
        elif syntax:
            self.file.syntax = syntax
        self.messages = [
            f".{file.package}.{one.name}" for file in before for one in file.message_type
        ]
        # Of those before only open enums, so that any syntax may use them.
        self.enums = [f".{file.package}.{one.name}" for file in before for one in file.enum_type
                      if file.syntax == "proto3"]  # fmt: skip
        self.file.dependency.extend(file.name for file in before)
        for position in range(len(before)):
            if draw(st.booleans()):
                self.file.public_dependency.append(position)
        if self.is_edition and draw(st.booleans()):
            self.features(self.file.options.features, "message_encoding", "utf8_validation",
                          "repeated_field_encoding")  # fmt: skip

    @property
    def is_edition(self) -> bool:
        return self.syntax in EDITIONS

    def features(self, features: FeatureSet, *names: str) -> None:
        for name in names:
            if self.draw(st.booleans()):
                enum = FeatureSet.DESCRIPTOR.fields_by_name[name].enum_type
                assert enum is not None
                known = [value.number for value in enum.values if value.number]
                setattr(features, name, self.draw(st.sampled_from(known)))

    def make(self) -> FileDescriptorProto:
        for index in range(self.draw(st.integers(0, 2))):
            self.enum(self.file.enum_type.add(name=f"E{index}"), f".{self.file.package}.E{index}")
        count = self.draw(st.integers(1, 3))
        self.messages += [f".{self.file.package}.M{index}" for index in range(count)]
        for index in range(count):
            self.message(self.file.message_type.add(name=f"M{index}"), 0, f".{self.file.package}")
        return self.file

    def enum(self, enum: EnumDescriptorProto, full_name: str) -> None:
        prefix = full_name.replace(".", "_")
        numbers = self.draw(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=4, unique=True))
        numbers = [0, *(number for number in numbers if number)]
        for index, number in enumerate(numbers):
            enum.value.add(name=f"V{prefix}_{index}", number=number)
        if self.draw(st.booleans()):
            enum.options.allow_alias = True
            enum.value.add(name=f"V{prefix}_alias", number=0)
        self.enums.append(full_name)

    def message(self, message: DescriptorProto, depth: int, scope: str) -> None:
        full_name = f"{scope}.{message.name}"
        if depth < 2:
            for index in range(self.draw(st.integers(0, 1))):
                nested = message.nested_type.add(name=f"N{index}")
                self.messages.append(f"{full_name}.N{index}")
                self.message(nested, depth + 1, full_name)
            for index in range(self.draw(st.integers(0, 1))):
                self.enum(message.enum_type.add(name=f"I{index}"), f"{full_name}.I{index}")
        names = self.draw(
            st.lists(
                st.text(string.ascii_lowercase + "_0", min_size=1, max_size=8)
                .map(lambda text: f"f{text}"),
                max_size=6,
                unique_by=lambda name: name.replace("_", "").lower(),
            )
        )  # fmt: skip
        numbers = self.draw(
            st.lists(
                st.integers(1, 2**29 - 1).filter(lambda one: not 19000 <= one < 20000),
                min_size=len(names), max_size=len(names), unique=True,
            )
        )  # fmt: skip
        members = self.draw(st.integers(0, len(names)))
        if members:
            message.oneof_decl.add(name="one_of_them")
        for index, (name, number) in enumerate(zip(names, numbers, strict=True)):
            self.field(message, name, number, full_name, inside=index < members)
        optional = [field for field in message.field if field.proto3_optional]
        for field in optional:
            field.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field.name}")

    def field(
        self, message: DescriptorProto, name: str, number: int, full_name: str, *, inside: bool
    ) -> None:
        draw = self.draw
        field = message.field.add(name=name, number=number, label=Types.LABEL_OPTIONAL)
        forms = ["scalar", "message", "enum", "map", "group"]
        form = draw(st.sampled_from(forms if not inside else ["scalar", "message", "enum"]))
        if form == "map":
            self.map(message, field, full_name)
            return
        if inside:
            field.oneof_index = 0
        elif draw(st.booleans()):
            field.label = Types.LABEL_REPEATED
        elif self.syntax == "" and draw(st.booleans()):
            field.label = Types.LABEL_REQUIRED
        elif self.syntax == "proto3" and draw(st.booleans()):
            field.proto3_optional = True
        if form == "group" and self.syntax == "":
            field.type, field.type_name = Types.TYPE_GROUP, name.capitalize()
            message.nested_type.add(name=name.capitalize()).field.add(
                name="x", number=1, type=Types.TYPE_INT32, label=Types.LABEL_OPTIONAL
            )
        elif form == "enum" and self.enums:
            field.type, field.type_name = Types.TYPE_ENUM, draw(st.sampled_from(self.enums))
        elif form == "message":
            field.type, field.type_name = Types.TYPE_MESSAGE, draw(st.sampled_from(self.messages))
        else:
            field.type = draw(st.sampled_from(SCALARS))
        self.options(field, inside=inside)

    def options(self, field: FieldDescriptorProto, *, inside: bool) -> None:
        draw = self.draw
        repeated = field.label == Types.LABEL_REPEATED
        number = field.type not in (9, 10, 11, 12)
        if draw(st.booleans()):
            text = st.text(string.ascii_letters + " -", min_size=1, max_size=8)
            field.json_name = draw(text) + str(field.number)
        if not self.is_edition:
            if repeated and number and draw(st.booleans()):
                field.options.packed = draw(st.booleans())
            return
        features = field.options.features
        if repeated and number:
            self.features(features, "repeated_field_encoding")
        if field.type == 9:
            self.features(features, "utf8_validation")
        if field.type == 11:
            self.features(features, "message_encoding")
        elif not inside and not repeated and field.type != 14:
            self.features(features, "field_presence")

    def map(self, message: DescriptorProto, field: FieldDescriptorProto, full_name: str) -> None:
        words = (word[:1].upper() + word[1:] for word in field.name.split("_"))
        entry = message.nested_type.add(name="".join(words) + "Entry")
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, label=1, type=self.draw(st.sampled_from(KEYS)))
        value = entry.field.add(name="value", number=2, label=1)
        value.type = self.draw(st.sampled_from([*SCALARS, Types.TYPE_MESSAGE]))
        if value.type == Types.TYPE_MESSAGE:
            value.type_name = self.draw(st.sampled_from(self.messages))
        field.type, field.label = Types.TYPE_MESSAGE, Types.LABEL_REPEATED
        field.type_name = entry.name


@st.composite
def schemas(draw: Draw) -> list[FileDescriptorProto]:
    """Some files, each of which imports all before it."""
    files: list[FileDescriptorProto] = []
    for index in range(draw(st.integers(1, 3))):
        files.append(Maker(draw, index, files).make())
    return files


def absolute(files: list[FileDescriptorProto]) -> list[FileDescriptorProto]:
    """As a compiler writes them: with full names of entries and groups."""
    for file in files:
        pending = [(f".{file.package}", message) for message in file.message_type]
        while pending:
            scope, message = pending.pop()
            here = f"{scope}.{message.name}"
            pending += ((here, nested) for nested in message.nested_type)
            for field in message.field:
                if field.type_name and not field.type_name.startswith("."):
                    field.type_name = f"{here}.{field.type_name}"
    return files


@few
@given(schemas())
def test_source_descriptors_and_generated_files_are_read_alike(
    files: list[FileDescriptorProto],
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = written(Path(scratch) / "p", {file.name: printed(file) for file in files})
        source = read_own(folder)
        absolute(files)
        written(Path(scratch), {"set": file_set(*files)})
        made = read_own(Path(scratch) / "set")
        names = {f"{file.name}_pb2.py": generated(file) for file in files}
        packages = read_own(written(Path(scratch) / "g", names))
    assert source.problems == made.problems == ()
    assert source.types == made.types == packages.types


@few
@given(schemas())
def test_source_is_read_as_protoc_reads_it(files: list[FileDescriptorProto]) -> None:
    pytest.importorskip("grpc_tools.protoc", reason="grpcio-tools is not installed")
    with tempfile.TemporaryDirectory() as scratch:
        folder = written(Path(scratch) / "p", {file.name: printed(file) for file in files})
        data = compiled(folder)
        assert data is not None
        written(Path(scratch), {"set": data})
        assert read_own(folder).types == read_own(Path(scratch) / "set").types


@few
@given(schemas(), st.data())
def test_damaged_sets_and_sources_are_read_or_refused_in_a_sentence(
    files: list[FileDescriptorProto], data: st.DataObject
) -> None:
    text = "".join(map(printed, files)).encode()
    whole = FileDescriptorSet(file=absolute(files)).SerializeToString()
    with tempfile.TemporaryDirectory() as scratch:
        for name, content in (("a.proto", text), ("set", whole)):
            damaged = bytearray(content)
            for _ in range(data.draw(st.integers(1, 3))):
                at = data.draw(st.integers(0, len(damaged) - 1))
                if data.draw(st.booleans()):
                    damaged[at] = data.draw(st.integers(0, 255))
                else:
                    del damaged[at : at + data.draw(st.integers(1, 4))]
                damaged = damaged or bytearray(1)
            path = written(Path(scratch), {name: bytes(damaged)}) / name
            try:
                read_own(path)
            except SchemaError as error:
                assert error.message.endswith(".")
                assert "\n" not in error.message


@settings(few, max_examples=100)
@given(schemas(), st.data())
def test_skimming_refuses_only_what_reading_refuses(
    files: list[FileDescriptorProto], data: st.DataObject
) -> None:
    texts = [(file.name, damaged(printed(file), data)) for file in files]
    unskimmed = outcome(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "SKIMMED", 0)
        skimmed = outcome(texts)
    assert skimmed == unskimmed or isinstance(skimmed, str) == isinstance(unskimmed, str) is True


def damaged(text: str, data: st.DataObject) -> bytes:
    """A text that some words were taken out of or repeated, often enough none."""
    words = text.split(" ")
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(words) - 1))
        words[at : at + 1] = words[at : at + 1] * data.draw(st.sampled_from([0, 2]))
    return " ".join(words).encode()


def outcome(texts: list[tuple[str, bytes]]) -> list[FileDescriptorProto] | str:
    """What is read of files, or why they are refused."""
    try:
        return [one.file for one in read(texts)]
    except SchemaError as error:
        return error.message
