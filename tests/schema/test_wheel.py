"""Generated Python files, packed and not: read as data, never run."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from inspector.errors import SchemaError
from inspector.schema import bounds
from inspector.schema.own import OwnSchema, read_own
from tests.schema.protos import generated, protoc, simple, written

PREFIX = "DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile("


def zipped(*entries: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


def read(folder: Path, data: bytes) -> OwnSchema:
    return read_own(written(folder, {"x-1.0-py3-none-any.whl": data}) / "x-1.0-py3-none-any.whl")


def refused(folder: Path, data: bytes) -> str:
    with pytest.raises(SchemaError) as raised:
        read(folder, data)
    assert "\n" not in raised.value.message
    return raised.value.message


def test_a_wheel_is_read_and_nothing_in_it_is_run(tmp_path: Path) -> None:
    data = zipped(
        ("ai/__init__.py", "raise SystemExit('this was run')"),
        ("ai/a_pb2.py", generated(simple())),
        ("ai/a_pb2_grpc.py", "raise SystemExit('this was run')"),
        ("ai/a_pb2.pyi", "?"),
        ("x-1.0.dist-info/METADATA", b"\xff"),
    )
    schema = read(tmp_path, data)
    assert list(schema.types.messages) == ["M"]
    assert schema.problems == ()
    assert schema.name == "x-1.0-py3-none-any.whl"
    assert not any("a_pb2" in name for name in sys.modules)


def test_what_protoc_writes_is_read(tmp_path: Path) -> None:
    text = (
        'syntax = "proto3"; package p; import "google/protobuf/any.proto"; message M {'
        + "".join(f"google.protobuf.Any f{number} = {number};" for number in range(1, 300))
    )
    folder = written(tmp_path / "protos", {"d/a.proto": text + "}"})
    out = tmp_path / "out"
    out.mkdir()
    assert protoc(folder, f"--python_out={out}")
    assert read_own(out).types == read_own(folder).types


def test_a_folder_and_a_single_file_are_read_too(tmp_path: Path) -> None:
    file = generated(simple())
    packed = read(tmp_path / "w", zipped(("ai/a_pb2.py", file)))
    folder = written(tmp_path / "f", {"ai/a_pb2.py": file, "ai/__init__.py": "?"})
    assert read_own(folder).types == read_own(folder / "ai" / "a_pb2.py").types == packed.types


def test_a_file_without_a_descriptor_is_said(tmp_path: Path) -> None:
    schema = read(tmp_path, zipped(("a_pb2.py", generated(simple())), ("b_pb2.py", "x = 1\n")))
    assert schema.problems == ("b_pb2.py holds no descriptor, so it was not read.",)


def test_well_known_types_of_its_own_are_not_read(tmp_path: Path) -> None:
    other = simple("google/protobuf/timestamp.proto", "Timestamp")
    other.package = "google.protobuf"
    data = zipped(
        ("a_pb2.py", generated(simple())), ("google/protobuf/timestamp_pb2.py", generated(other))
    )
    assert list(read(tmp_path, data).types.messages) == ["M"]


#: Content of ``a_pb2.py``, and what is said.
HOSTILE = {
    "nothing": ("", "No *_pb2.py file in it holds a descriptor."),
    "a call in place of a literal": (PREFIX + "open('x').read())\n", "No *_pb2.py file"),
    "a literal of text": (PREFIX + "'abc')\n", "No *_pb2.py file"),
    "an f-string": (PREFIX + "f'{exit()}')\n", "No *_pb2.py file"),
    "two literals": (PREFIX + "b'a' b'b')\n", "No *_pb2.py file"),
    "an unknown escape": (PREFIX + r"b'\q')" + "\n", "No *_pb2.py file"),
    "a number beyond a byte": (PREFIX + r"b'\777')" + "\n", "No *_pb2.py file"),
    "no closing quote": (PREFIX + "b'abc\n", "No *_pb2.py file"),
    "parentheses without end": (PREFIX + "(" * 100_000, "No *_pb2.py file"),
    "what is no descriptor": (PREFIX + "b'abc')\n", "The descriptor in a_pb2.py is damaged."),
    "two descriptors": (generated(simple()) * 2, "a_pb2.py holds more than one descriptor."),
    "many values": (
        PREFIX + "b'\\n\\x01a" + "*\\x00" * (bounds.DECLARED + 1) + "')\n",
        "a_pb2.py declares more than the 50,000 things",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_generated_file_is_refused(tmp_path: Path, name: str) -> None:
    content, said = HOSTILE[name]
    assert refused(tmp_path, zipped(("a_pb2.py", content))).startswith(said)


def test_both_quotes_and_all_escapes_are_read(tmp_path: Path) -> None:
    file = simple('it\'s "quoted".proto')
    plain = generated(file)
    double = plain.replace("b'", 'b"').replace("')", '")', 1)
    assert double != plain
    octal = plain.replace("\\x03", "\\3").replace("\\x0a", "\\n").replace("\\x22", '\\"')
    assert octal != plain
    for content in (plain, double, octal):
        assert list(read(tmp_path, zipped(("a_pb2.py", content))).types.messages) == ["M"]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    one = zipped(("a_pb2.py", bytes(bounds.TEXT + 1)))
    assert refused(tmp_path, one) == "a_pb2.py is larger than the 2 MiB that are read of a file."
    many = zipped(*((f"a{number}_pb2.py", bytes(bounds.TEXT)) for number in range(5)))
    assert "unpacks to more than the 8 MiB" in refused(tmp_path, many)
    # What is not read may be as large as it likes.
    beside = zipped(("a_pb2.py", generated(simple())), ("b.bin", bytes(bounds.TEXT + 1)))
    assert read(tmp_path, beside).problems == ()


def test_a_list_of_too_many_files_is_refused(tmp_path: Path) -> None:
    many = zipped(*((f"{number}", b"") for number in range(2 * bounds.FILES + 1)))
    assert "holds more than the 4,000 files" in refused(tmp_path, many)


@pytest.mark.parametrize("stated", [10, 10_000])
def test_a_size_that_is_not_true_is_noticed(tmp_path: Path, stated: int) -> None:
    data = bytearray(zipped(("a_pb2.py", generated(simple()))))
    at = data.rfind(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", stated)
    assert refused(tmp_path, bytes(data)).startswith("x-1.0-py3-none-any.whl ")


@pytest.mark.parametrize(
    "name", ["../x_pb2.py", "/x_pb2.py", "a/../../x_pb2.py", "C:/x_pb2.py", "..\\x_pb2.py", "../x"]
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    data = zipped(("a_pb2.py", generated(simple())), (name, b""))
    assert "which leads out of it" in refused(tmp_path, data)
    assert [path.name for path in tmp_path.rglob("*")] == ["x-1.0-py3-none-any.whl"]


def test_other_broken_archives_are_refused(tmp_path: Path) -> None:
    sound = zipped(("a_pb2.py", generated(simple())))
    assert "is not a whole wheel" in refused(tmp_path, sound[: len(sound) // 2])
    assert "is not a whole wheel" in refused(tmp_path, b"PK\x03\x04" + bytes(100))
    packed = zipped(("a_pb2.py", generated(simple())), method=zipfile.ZIP_BZIP2)
    assert "in a way that is not supported" in refused(tmp_path, packed)
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped(("a_pb2.py", generated(simple())), ("a_pb2.py", b""))
    assert "has two files a_pb2.py" in refused(tmp_path, twice)
    assert "holds no *_pb2.py file" in refused(tmp_path, zipped(("a.proto", b"message M {}")))
    at = sound.rfind(b"PK\x01\x02") + 8
    encrypted = sound[:at] + b"\x01" + sound[at + 1 :]
    assert "compressed or encrypted in a way" in refused(tmp_path, encrypted)


def test_the_slow_google_protobuf_says_the_same(tmp_path: Path) -> None:
    """Where there is no compiled one; and that one need not raise what the other does."""
    text = """
        edition = "2023"; option features.message_encoding = DELIMITED;
        message M { M self = 1; map<string, M> map = 2; string s = 3; extensions 10 to 20;
                    string raw = 4 [features.utf8_validation = NONE]; repeated int32 n = 5; }
        extend M { E e = 10; }
        enum E { option features.enum_type = CLOSED; ONE = 1; }
    """
    folder = written(tmp_path / "protos", {"a.proto": text})
    code = (
        "import sys; from inspector.schema.own import read_own\n"
        "from google.protobuf.internal.api_implementation import Type\n"
        "schema = read_own(sys.argv[1]); print(Type(), schema.types, schema.problems)"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code, str(folder)],
            env={"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": kind, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for kind in ("upb", "python")
    ]
    assert said[0].removeprefix("upb ") == said[1].removeprefix("python ")
