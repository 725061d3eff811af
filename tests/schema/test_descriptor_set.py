"""Serialized descriptor sets, sound and hostile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumValueDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from inspector.errors import CancelledError, SchemaError
from inspector.schema import bounds
from inspector.schema.own import OwnSchema, read_own
from tests.schema.protos import compiled, file_set, simple, written

Types = FieldDescriptorProto


def read(folder: Path, data: bytes) -> OwnSchema:
    return read_own(written(folder, {"set.binpb": data}) / "set.binpb")


def refused(folder: Path, data: bytes) -> str:
    with pytest.raises(SchemaError) as raised:
        read(folder, data)
    assert "\n" not in raised.value.message
    return raised.value.message


def varint(value: int) -> bytes:
    made = b""
    while value > 127:
        made += bytes((value & 127 | 128,))
        value >>= 7
    return made + bytes((value,))


def sized(number: int, payload: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def one_file(content: bytes) -> bytes:
    return sized(1, sized(1, b"a.proto") + content)


def test_a_set_is_read(tmp_path: Path) -> None:
    schema = read(tmp_path, file_set(simple()))
    (field,) = schema.types.messages["M"]
    assert (field.number, field.name, field.json_name, field.type) == (1, "x", "x", 9)
    assert field.utf8
    assert not field.presence


def test_comments_and_what_tools_add_are_passed_over(tmp_path: Path) -> None:
    """A buf image carries both."""
    folder = written(
        tmp_path / "protos", {"a.proto": '/* About M. */ syntax = "proto3"; message M {} // end'}
    )
    plain, told = compiled(folder), compiled(folder, "--include_source_info")
    assert plain is not None
    assert told is not None
    assert b"About M." in told
    image = one_file(sized(8042, b"\x08\x01")) + sized(536_000_000, b"\x08\x01")
    assert read(tmp_path, told).types == read(tmp_path, plain).types
    assert read(tmp_path, told + image.replace(b"a.proto", b"b.proto")).problems == ()


def test_imports_may_be_missing(tmp_path: Path) -> None:
    """As without ``--include_imports``: well-known types are supplied, others said."""
    file = simple()
    file.dependency.extend(["google/protobuf/timestamp.proto", "gone.proto"])
    field = file.message_type[0].field
    at = ".google.protobuf.Timestamp"
    field.add(name="at", number=2, type=Types.TYPE_MESSAGE, label=1, type_name=at)
    field.add(name="gone", number=3, type=Types.TYPE_ENUM, label=1, type_name=".gone.E")
    schema = read(tmp_path, file_set(file))
    assert [one.name for one in schema.types.messages["M"]] == ["x", "at"]
    assert schema.problems == (
        "gone.proto is not here, though a.proto imports it.",
        "a.proto: M.gone (3) cannot be read by name, since its type gone.E is not here.",
    )


def test_a_type_is_found_though_the_file_that_hands_it_on_is_not_there(tmp_path: Path) -> None:
    user, owner = simple("a.proto", "M"), simple("b.proto", "N")
    user.dependency.append("umbrella.proto")
    user.message_type[0].field.add(
        name="n", number=2, type=Types.TYPE_MESSAGE, label=1, type_name=".N"
    )
    schema = read(tmp_path, file_set(user, owner))
    assert schema.types.messages["M"][1].type_name == "N"
    assert schema.problems == ()


def test_the_same_file_twice_is_one_and_two_of_a_name_are_refused(tmp_path: Path) -> None:
    assert read(tmp_path, file_set(simple(), simple())).problems == ()
    other = simple(message="N")
    assert refused(tmp_path, file_set(simple(), other)) == (
        "There are two different files a.proto."
    )


HOSTILE = {
    "nothing": (b"", "set.binpb is empty."),
    "zeros": (bytes(100), "set.binpb is neither a wheel nor a descriptor set."),
    "text": (b"hello, this is text\n", "set.binpb is neither a wheel nor a descriptor set."),
    "a length beyond the end": (
        varint(10) + varint(1 << 40) + b"abc",
        "set.binpb is neither a wheel nor a descriptor set.",
    ),
    "a length beyond its message": (
        sized(1, sized(1, b"a") + varint(34) + varint(1000) + b"x"),
        "set.binpb is neither a wheel nor a descriptor set.",
    ),
    "an endless number": (b"\xff" * 50, "set.binpb is neither a wheel nor a descriptor set."),
    "a group": (one_file(b"\x0b\x0c"), "set.binpb is neither a wheel nor a descriptor set."),
    "a name that is no text": (
        sized(1, sized(1, b"\xff\xfe")),
        "A file of the schema has a name that is not text.",
    ),
    "a message whose name is no text": (
        one_file(sized(4, sized(1, b"\xff"))),
        "is not a valid name",
    ),
    "an enum whose name is no text": (
        one_file(sized(4, sized(1, b"M") + sized(4, sized(1, b"\xff")))),
        "is not a valid name",
    ),
    "a value whose name is no text": (
        one_file(sized(5, sized(1, b"E") + sized(2, sized(1, b"\xff")))),
        "is not a valid name",
    ),
    "a field whose name is no text": (
        one_file(sized(4, sized(1, b"M") + sized(2, sized(1, b"\xff")))),
        "is not a valid name",
    ),
    "a JSON name that is no text": (
        one_file(
            sized(4, sized(1, b"M") + sized(2, sized(1, b"x") + b"\x18\1" + sized(10, b"\xff")))
        ),
        "M.x has a JSON name that is not text",
    ),
    "a name that steers": (one_file(sized(4, sized(1, b"M\x1b[2J\n"))), "is not a valid name"),
    "no message": (one_file(b""), "set.binpb declares no message."),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_set_is_refused(tmp_path: Path, name: str) -> None:
    data, said = HOSTILE[name]
    assert said in refused(tmp_path, data)


def test_too_deep_is_refused_and_as_deep_as_protoc_goes_is_not(tmp_path: Path) -> None:
    def nested(depth: int) -> bytes:
        made = sized(1, b"M")
        for _ in range(depth - 1):
            made = sized(1, b"M") + sized(3, made)
        return one_file(sized(4, made))

    assert len(read(tmp_path, nested(bounds.DEPTH)).types.messages) == bounds.DEPTH
    for depth in (bounds.DEPTH + 2, 1000):
        assert (
            refused(tmp_path, nested(depth)) == "set.binpb has messages more than 32 levels deep."
        )


def test_too_many_are_refused_before_they_are_objects(tmp_path: Path) -> None:
    values = sized(5, sized(1, b"E") + b"\x12\x00" * (4 << 20))
    assert "declares more than the 50,000 things" in refused(tmp_path, one_file(values))
    # What tools add counts too.
    added = one_file(b"") + sized(536_000_000, b"") * (4 << 20)
    assert "declares more than the 50,000 things" in refused(tmp_path, added)
    # Of what is no declaration the size is bounded.
    options = sized(4, sized(1, b"M") + sized(2, sized(8, b"\xba>\x00" * (2 << 20))))
    assert "more than the 4 MiB of descriptors" in refused(tmp_path, one_file(options))


def test_so_many_files_are_read_and_no_more(tmp_path: Path) -> None:
    files = b"".join(
        one_file(sized(4, sized(1, b"M%d" % one))).replace(b"a.proto", b"%06d." % one)
        for one in range(bounds.FILES)
    )
    assert len(read(tmp_path, files).types.messages) == bounds.FILES
    most = "set.binpb holds more than the 2,000 files that are read."
    assert refused(tmp_path, files + sized(1, b"")) == most
    assert refused(tmp_path, sized(1, b"") * (bounds.FILES + 1)) == most


def test_the_bounds_are_for_all_files_together(tmp_path: Path) -> None:
    values = b"".join(
        sized(2, EnumValueDescriptorProto(name=f"V{one}", number=one).SerializeToString())
        for one in range(bounds.DECLARED // 2)
    )
    files = [one_file(sized(5, sized(1, b"E") + values)).replace(b"a.pr", b"%d.pr" % one)
             for one in range(3)]  # fmt: skip
    assert "declares more than" in refused(tmp_path, b"".join(files))


def test_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "set.binpb"
    with path.open("wb") as file:
        file.truncate(bounds.WHOLE + 1)
    with pytest.raises(SchemaError, match=r"larger than the 32 MiB"):
        read_own(path)


def test_it_can_be_cancelled_and_says_how_far_it_is(tmp_path: Path) -> None:
    data = file_set(*(simple(f"{one}.proto", f"M{one}") for one in range(3)))
    cancel = threading.Event()
    done: list[tuple[int, int]] = []
    read_own(written(tmp_path, {"s": data}) / "s", cancel, lambda now, of: done.append((now, of)))
    assert done == [(len(data) * part // 3, len(data)) for part in (1, 2, 3)]
    cancel.set()
    with pytest.raises(CancelledError):
        read_own(tmp_path / "s", cancel)


def broken(**changes: object) -> FileDescriptorProto:
    """A file with a message of one field, which is changed."""
    file = simple()
    for name, value in changes.items():
        setattr(file.message_type[0].field[0], name, value)
    return file


def entry(*fields: FieldDescriptorProto, label: int = 3, name: str = "XEntry") -> bytes:
    file = simple()
    made = file.message_type[0].nested_type.add(name=name)
    made.options.map_entry = True
    made.field.extend(fields)
    file.message_type[0].field.add(
        name="map", number=2, type=Types.TYPE_MESSAGE, label=label, type_name=f".M.{name}"
    )
    return file_set(file)


OPTIONAL = Types.LABEL_OPTIONAL
KEY = FieldDescriptorProto(name="key", number=1, type=Types.TYPE_STRING, label=OPTIONAL)
FLOAT_KEY = FieldDescriptorProto(name="key", number=1, type=Types.TYPE_FLOAT, label=OPTIONAL)
VALUE = FieldDescriptorProto(name="value", number=2, type=Types.TYPE_STRING, label=OPTIONAL)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (file_set(broken(number=0)), "a.proto: M.x has the impossible number 0."),
        (file_set(broken(number=-5)), "a.proto: M.x has the impossible number -5."),
        (file_set(broken(number=1 << 29)), "a.proto: M.x has the impossible number 536870912."),
        (file_set(broken(type_name=".M")), "a.proto: M.x has two types."),
        (file_set(broken(type=11)), "a.proto: M.x has no type."),
        (file_set(broken(type=11, type_name="a b")), "a.proto: M.x has no type."),
        (file_set(broken(type=11, type_name="." + "a" * 2000)), "a type with an impossible name."),
        (file_set(broken(type=14, type_name=".M")), "M.x has a type that is of another kind."),
        (file_set(broken(oneof_index=0)), "M.x is in a oneof that is not there."),
        (file_set(broken(oneof_index=-1)), "M.x is in a oneof that is not there."),
        (file_set(broken(extendee=".M")), "M.x extends nothing, or is an extension out of place."),
        (entry(KEY), "M.XEntry is not a map entry."),
        (entry(VALUE, KEY, KEY), "M.XEntry.key is declared twice."),
        (entry(VALUE, FLOAT_KEY),
         "M.XEntry has a key of an impossible type."),
        (entry(KEY, VALUE, label=1), "M.map is not a map, though its type is a map entry."),
        (file_set(FileDescriptorProto(name="a.proto", syntax="proto9")), "'proto9' is unknown."),
        (file_set(FileDescriptorProto(name="a", syntax="editions", edition=Edition.EDITION_LEGACY)),
         "it is of an edition other than 2023 and 2024."),
        (file_set(FileDescriptorProto(name="a.proto", package="a..b")),
         "'a..b' is not a valid name."),
        (file_set(FileDescriptorProto(name="a.proto", public_dependency=[0])),
         "it makes an import public that it does not have."),
        (file_set(FileDescriptorProto(name="a.proto", dependency=["a.proto"])),
         "These files import each other: a.proto."),
        (file_set(FileDescriptorProto(name="\x1b]0;x\n", syntax="?")), "�]0;x�: the syntax"),
    ],
)  # fmt: skip
def test_what_no_compiler_writes_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refused(tmp_path, data)


def test_a_map_is_a_map(tmp_path: Path) -> None:
    schema = read(tmp_path, entry(VALUE, KEY))
    assert schema.types.entries == {"M.XEntry"}
    assert [one.name for one in schema.types.messages["M.XEntry"]] == ["key", "value"]


def test_two_fields_with_one_json_name_have_their_own(tmp_path: Path) -> None:
    file = simple()
    file.syntax = "proto2"
    for number, name in ((2, "a_b"), (3, "aB")):
        file.message_type[0].field.add(name=name, number=number, type=9, label=1)
    schema = read(tmp_path, file_set(file))
    assert [one.json_name for one in schema.types.messages["M"]] == ["x", "a_b", "aB"]
    assert len(schema.problems) == 2


def test_problems_are_not_without_end(tmp_path: Path) -> None:
    file = FileDescriptorProto(name="a.proto", syntax="proto3")
    message: DescriptorProto = file.message_type.add(name="M")
    for number in range(1, bounds.PROBLEMS + 5):
        message.field.add(
            name=f"x{number}", number=number, type=11, label=1, type_name=f".N{number}"
        )
    schema = read(tmp_path, file_set(file))
    assert len(schema.problems) == bounds.PROBLEMS + 1
    assert schema.problems[-1] == "4 more are not listed."
