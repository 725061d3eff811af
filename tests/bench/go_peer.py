"""What Go's generated code takes for the same blobs: reading them, and writing them as JSON.

The code is made of a release's descriptors by ``protoc-gen-go`` and built once, in a cache outside
the checkout; the blobs are handed over in a file, each behind its kind and length.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from struct import pack
from typing import Final

from google.protobuf.compiler.plugin_pb2 import CodeGeneratorRequest, CodeGeneratorResponse
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from inspector.schema.pools import descriptor_set
from tests.releases import JANUARY_26, kind_info

_MODULE: Final = "google.golang.org/protobuf"
_VERSION: Final = "v1.36.12"
_CACHE: Final = Path(tempfile.gettempdir()) / "inspector-bench-go"
_MAIN: Final = """package main

import (
	"bufio"
	"encoding/binary"
	"io"
	"os"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
%s)

func main() {
	in, err := os.Open(os.Args[2])
	if err != nil {
		panic(err)
	}
	read := bufio.NewReaderSize(in, 1<<20)
	out := bufio.NewWriterSize(io.Discard, 1<<20)
	var head [8]byte
	for {
		if _, err := io.ReadFull(read, head[:]); err != nil {
			break
		}
		name := make([]byte, binary.LittleEndian.Uint32(head[:]))
		data := make([]byte, binary.LittleEndian.Uint32(head[4:]))
		io.ReadFull(read, name)
		io.ReadFull(read, data)
		kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(name))
		if err != nil {
			panic(err)
		}
		message := kind.New().Interface()
		if err := proto.Unmarshal(data, message); err != nil {
			panic(err)
		}
		if os.Args[1] == "json" {
			text, err := protojson.Marshal(message)
			if err != nil {
				panic(err)
			}
			out.Write(text)
			out.WriteByte('\\n')
		}
	}
	out.Flush()
}
"""


def missing() -> str | None:
    """Why there is no such peer, None where there is."""
    return None if _go() else "Go is not installed: export and check were not put beside it."


def _go() -> str | None:
    usual = "/usr/local/go/bin/go"  # where its installer puts it
    return shutil.which("go") or (usual if Path(usual).exists() else None)


def peer() -> Path:
    """The program: ``json`` or ``parse``, and a file of blobs."""
    folder = _CACHE / f"{_VERSION}-{JANUARY_26}"
    program = folder / "peer"
    if program.exists():
        return program
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "go.mod").write_text(f"module peer\n\ngo 1.23\n\nrequire {_MODULE} {_VERSION}\n")
    _run(folder, "mod", "download", "all")
    _run(folder, "build", "-mod=mod", "-o", "protoc-gen-go", f"{_MODULE}/cmd/protoc-gen-go")
    request = CodeGeneratorRequest()
    paths: dict[str, str] = {}
    for number, file in enumerate(FileDescriptorSet.FromString(descriptor_set(JANUARY_26)).file):
        request.proto_file.append(file)
        if not file.name.startswith("google/protobuf/"):
            request.file_to_generate.append(file.name)
            paths[file.name] = f"peer/pb{number}"
    request.parameter = ",".join(["module=peer", *(f"M{at}={to}" for at, to in paths.items())])
    done = subprocess.run(
        [folder / "protoc-gen-go"],
        input=request.SerializeToString(),
        capture_output=True,
        check=True,
    )
    answer = CodeGeneratorResponse.FromString(done.stdout)
    assert not answer.error, answer.error
    for made in answer.file:
        target = folder / made.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(made.content, encoding="utf-8")
    imports = "".join(f'\t_ "{path}"\n' for path in paths.values())
    (folder / "main.go").write_text(_MAIN % imports, encoding="utf-8")
    _run(folder, "build", "-mod=mod", "-o", "peer", ".")
    return program


def blobs_of(path: Path) -> Path:
    """The blobs of a store, in the form that the program reads."""
    made = _CACHE / f"{path.stem}.blobs"
    if not made.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection,
            made.with_suffix(".new").open("wb") as file,
        ):
            for kind, data in connection.execute("SELECT kind, data FROM resources"):
                info = kind_info(JANUARY_26, kind)
                assert info is not None
                assert info.message is not None
                name = info.message.full_name.encode()
                file.write(pack("<II", len(name), len(data)) + name + data)
        made.with_suffix(".new").replace(made)
    return made


def _run(folder: Path, *arguments: str) -> None:
    go = _go()
    assert go is not None
    subprocess.run([go, *arguments], cwd=folder, check=True, capture_output=True)
