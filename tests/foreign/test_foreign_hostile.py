"""Wrappers that hold far more than they are, and maps and descriptor sets that lie."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import (
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

from inspector.errors import InspectorError
from inspector.foreign.map_file import read_map
from inspector.foreign.message_set import message_set
from tests.cli.calls import call
from tests.foreign.schemas import MAP, descriptors, foreign

_CHILD = """
import base64, gzip, re, sys, zlib
from importlib.util import find_spec
from pathlib import Path
from inspector.errors import UnwritableError
from inspector.foreign.wrappers import Wrapper, unwrapped

def packed(bits, times=512):
    packer = zlib.compressobj(9, wbits=bits)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(times)) + packer.flush()

def length(data):
    return len(data).to_bytes(4, "big") + data

zeros = packed(31)
kept = packed(31, 63)  # just small enough for the step behind it to begin
bombs = {
    "gzip": lambda: (zeros, [Wrapper.GZIP]),
    "members": lambda: (packed(31, 40) * 9, [Wrapper.GZIP]),
    "zlib": lambda: (packed(15), [Wrapper.ZLIB]),
    "gzip-gzip": lambda: (gzip.compress(zeros), [Wrapper.GZIP, Wrapper.GZIP]),
    "base64-gzip": lambda: (base64.b64encode(zeros), [Wrapper.BASE64, Wrapper.GZIP]),
    "length-gzip": lambda: (length(zeros), [Wrapper.LENGTH, Wrapper.GZIP]),
    "base64": lambda: (b"A" * (88 << 20), [Wrapper.BASE64]),
    "length": lambda: (length(bytes(80 << 20)), [Wrapper.LENGTH]),
    "gzip-base64": lambda: (kept, [Wrapper.GZIP, Wrapper.BASE64]),
    "gzip-length": lambda: (kept, [Wrapper.GZIP, Wrapper.LENGTH]),
    "gzip-zlib": lambda: (kept, [Wrapper.GZIP, Wrapper.ZLIB]),
    "blanks": lambda: (gzip.compress(b"A " * (31 << 20)), [Wrapper.GZIP, Wrapper.BASE64]),
}
if find_spec("compression") is not None:
    from compression import zstd

    def frame():
        packer = zstd.ZstdCompressor()
        return b"".join(packer.compress(bytes(1 << 20)) for _ in range(512)) + packer.flush()

    bombs["zstd"] = lambda: (frame(), [Wrapper.ZSTD])
    bombs["gzip-zstd"] = lambda: (gzip.compress(frame()), [Wrapper.GZIP, Wrapper.ZSTD])
try:
    print(len(unwrapped(*bombs[sys.argv[1]]())))
except UnwritableError as error:
    print(error.message)
except KeyError:
    print("none")
# What the system keeps for a process that has ended would count the one that started it too.
found = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())
print(int(found[1]) // 1024)
"""
_TOO_LARGE = "is larger than the 64 MiB that are unwrapped."


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="nothing tells how much memory was taken"
)
@pytest.mark.parametrize(
    ("bomb", "said"),
    [
        ("gzip", _TOO_LARGE),
        ("members", _TOO_LARGE),
        ("zlib", _TOO_LARGE),
        ("zstd", _TOO_LARGE),
        ("gzip-gzip", _TOO_LARGE),
        ("gzip-zstd", _TOO_LARGE),
        ("base64-gzip", _TOO_LARGE),
        ("length-gzip", _TOO_LARGE),
        ("base64", _TOO_LARGE),
        ("length", _TOO_LARGE),
        ("gzip-base64", "the bytes are not of that form."),
        ("gzip-length", "is that of all that follows."),
        ("gzip-zlib", "the bytes are not of that form."),
        ("blanks", str((31 << 20) // 4 * 3)),
    ],
)
def test_no_bomb_takes_more_memory_than_it_may(bomb: str, said: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, bomb],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    sentence, megabytes = ran.stdout.splitlines()
    assert sentence.endswith(said) or (sentence == "none" and "zstd" in bomb)
    # Python and what the bomb is itself count too, 88 MB of base64.
    assert int(megabytes) < 300


def _read(path: Path) -> str:
    """What comes of a schema: its number of messages, or the sentence that refuses it."""
    try:
        return str(len(message_set(str(path)).messages))
    except InspectorError as error:
        assert error.message.endswith((".", "?")), error.message
        return "refused"


def test_descriptor_sets_that_lie_are_refused_or_read_without_what_is_not_there(
    tmp_path: Path,
) -> None:
    path = descriptors(tmp_path / "own.binpb")
    whole = path.read_bytes()
    said = {_read(path)}
    chance = random.Random(15)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))
        said.add(_read(path))
    assert "refused" in said
    assert len(said) > 1


@pytest.mark.parametrize("wrong", ["itself", "circle", "number", "extends", "enum"])
def test_a_descriptor_set_that_contradicts_itself_takes_no_more_than_its_own(
    tmp_path: Path, wrong: str
) -> None:
    file = FileDescriptorProto(name="a.proto", package="p", syntax="proto3")
    message = file.message_type.add(name="M")
    field = message.field.add(name="f", number=1, label=1, type=11, type_name=".p.M")
    others = []
    if wrong == "circle":
        file.dependency.append("b.proto")
        others = [FileDescriptorProto(name="b.proto", dependency=["a.proto"])]
    elif wrong == "number":
        message.field.add(name="g", number=1, label=1, type=9)
        message.field.add(name="h", number=0, label=1, type=9)
        message.field.add(name="i", number=1 << 29, label=1, type=9)
    elif wrong == "extends":
        field.extendee = ".p.Nowhere"
    elif wrong == "enum":
        field.type = FieldDescriptorProto.TYPE_ENUM
    path = tmp_path / "a.binpb"
    path.write_bytes(FileDescriptorSet(file=[file, *others]).SerializeToString())
    assert _read(path) in ("1", "refused")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"own.binpb"', '"f.db"', "database"),
        ('"own.binpb"', '"nowhere.binpb"', "There is no"),
        ('"own.binpb"', '"f.inspect.toml"', "f.inspect.toml"),
        ('tables = ["t"]', 'tables = ["t", "u"]', "no table u"),
        ("version = 1", "version = 1\nx = " + "[" * 3000 + "]" * 3000, "is not a map"),
        ("version = 1", "version = 1\n" + "".join(f"[a{n}]\n" for n in range(9)), "no key"),
    ],
    ids=["database", "missing", "itself", "table", "deep", "keys"],
)
def test_a_map_that_lies_is_refused_in_a_sentence(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = foreign(tmp_path / "f.db")
    descriptors(tmp_path / "own.binpb")
    own = tmp_path / "f.inspect.toml"
    own.write_text(MAP.replace(old, new))
    answer = call("rows", "t", "--json", "--db", path, "--map", own)
    assert answer.code in (2, 3)
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_a_column_that_another_release_has_is_said_and_the_rows_are_given(tmp_path: Path) -> None:
    path = foreign(tmp_path / "f.db")
    descriptors(tmp_path / "own.binpb")
    own = tmp_path / "f.inspect.toml"
    own.write_text(MAP.replace('at = "t.data"', 'at = "t.nothing"'))
    answer = call("rows", "t", "--json", "--db", path, "--map", own)
    assert answer.code == 0
    assert len(answer.json) > 1
    assert "note: the map names t.nothing, which is not in this file\n" in answer.err
    key = str(answer.json[0]["key"])
    alone = call("row", "t", key, "--json", "--db", path, "--map", own)
    assert alone.code == 0
    assert alone.err.startswith("note: the map names t.nothing, which is not in this file\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("own.FieldDescriptorProto", "own.Nothing"),
        ("own.FieldDescriptorProto", "own.FileDescriptorSet"),
        ('unpack = ["gzip"]', 'unpack = ["zlib", "base64"]'),
        ('unpack = ["gzip"]', 'unpack = ["gzip", "gzip"]'),
    ],
    ids=["nothing", "other", "wrappers", "twice"],
)
def test_what_a_map_gets_wrong_of_a_value_is_said_with_the_value(
    tmp_path: Path, old: str, new: str
) -> None:
    path = foreign(tmp_path / "f.db")
    descriptors(tmp_path / "own.binpb")
    own = tmp_path / "f.inspect.toml"
    own.write_text(MAP.replace(old, new))
    answer = call("rows", "t", "--limit", "3", "--json", "--db", path, "--map", own)
    assert answer.code == 0
    for row in answer.json:
        data = row["values"]["data"]
        assert data.keys() == {"blob", "problem"} or "file" not in data
    assert "Traceback" not in answer.err


def test_maps_of_noise_never_end_in_anything_but_a_sentence(tmp_path: Path) -> None:
    chance, path = random.Random(15), tmp_path / "n.inspect.toml"
    for _ in range(300):
        text = bytearray(MAP.encode())
        for _ in range(chance.randint(1, 6)):
            text[chance.randrange(len(text))] = chance.choice(b'"[]{}=.,#\n\x00\xff at1')
        path.write_bytes(bytes(text))
        try:
            read_map(path)
        except InspectorError as error:
            assert error.message.endswith((".", "?")), error.message
