"""Write the ``.proto`` files of a generation from its tables, and compile them.

``python packaging/schemas.py TABLES_DIR`` rewrites ``resources/schemas/`` from
``messages-<generation>.tsv`` and ``enums-<generation>.tsv``; without TABLES_DIR the ``.proto``
files that are there are compiled again. What the sets say is written to ``types.json`` too, from
which the program reads it without google.protobuf. Needs grpcio-tools, and nothing else does.
"""

from __future__ import annotations

import csv
import importlib.resources
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SCHEMAS = Path(__file__).resolve().parent.parent / "resources" / "schemas"
GENERATIONS = ("2026-01-25", "2026-01-26", "2026-10")
COMPILED = "descriptors.bin"
TYPES = "types.json"

MAP = re.compile(r"map<(?P<key>\w+), (?P<value>[\w.]+)>")
WELL_KNOWN = {
    "google.protobuf.Struct": "google/protobuf/struct.proto",
    "google.protobuf.Timestamp": "google/protobuf/timestamp.proto",
}


class FieldRow(NamedTuple):
    """A line of ``messages-<generation>.tsv``; ``name`` is empty for a message without fields."""

    message: str
    number: str
    name: str
    label: str
    type: str
    oneof: str


class ValueRow(NamedTuple):
    """A line of ``enums-<generation>.tsv``."""

    enum: str
    number: str
    name: str


def package_of(full_name: str) -> str:
    """The package of a top-level message or enum."""
    return full_name.rpartition(".")[0]


def file_of(package: str) -> str:
    """The file a package lies in, such as ``ai/stigmer/agentic/agent/v1/agent.proto``."""
    parts = package.split(".")
    name = parts[-2] if re.fullmatch(r"v\d+", parts[-1]) else parts[-1]
    return "/".join([*parts, f"{name}.proto"])


def _rows(table: Path) -> Iterator[list[str]]:
    with table.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(reader)
        yield from reader


def _types(row: FieldRow) -> Iterator[str]:
    found = MAP.fullmatch(row.type)
    yield from found.groups() if found else (row.type,)


def _local(type_name: str, package: str) -> str:
    return type_name.removeprefix(package + ".") if package_of(type_name) == package else type_name


def _field(row: FieldRow, package: str) -> str:
    found = MAP.fullmatch(row.type)
    if found:
        type_text = f"map<{found['key']}, {_local(found['value'], package)}>"
    else:
        type_text = _local(row.type, package)
    label = f"{row.label} " if row.label in ("repeated", "optional") else ""
    return f"{label}{type_text} {row.name} = {row.number};"


def _message(full_name: str, rows: list[FieldRow], package: str) -> Iterator[str]:
    yield f"message {_local(full_name, package)} {{"
    written: set[str] = set()
    for row in rows:
        if not row.name or row.oneof in written:
            continue
        if not row.oneof:
            yield f"  {_field(row, package)}"
            continue
        written.add(row.oneof)
        yield f"  oneof {row.oneof} {{"
        yield from (f"    {_field(r, package)}" for r in rows if r.oneof == row.oneof)
        yield "  }"
    yield "}"


def _enum(full_name: str, rows: list[ValueRow], package: str) -> Iterator[str]:
    yield f"enum {_local(full_name, package)} {{"
    if len({row.number for row in rows}) < len(rows):
        yield "  option allow_alias = true;"
    yield from (f"  {row.name} = {row.number};" for row in rows)
    yield "}"


def _imports(fields: Iterable[FieldRow], package: str) -> list[str]:
    named = {name for row in fields for name in _types(row) if "." in name}
    foreign = (name for name in named if package_of(name) != package)
    return sorted({WELL_KNOWN.get(name) or file_of(package_of(name)) for name in foreign})


def _file(package: str, fields: list[FieldRow], values: list[ValueRow]) -> str:
    lines = [
        "// Written by packaging/schemas.py from the tables of this generation.",
        'syntax = "proto3";',
        "",
        f"package {package};",
    ]
    imports = _imports(fields, package)
    if imports:
        lines += ["", *(f'import "{name}";' for name in imports)]
    for message in dict.fromkeys(row.message for row in fields):
        rows = [row for row in fields if row.message == message]
        lines += ["", *_message(message, rows, package)]
    for enum in dict.fromkeys(row.enum for row in values):
        lines += ["", *_enum(enum, [row for row in values if row.enum == enum], package)]
    return "\n".join(lines) + "\n"


def proto_files(tables: Path, generation: str) -> dict[str, str]:
    """The text of every ``.proto`` file of a generation, by its path within the generation.

    Raises:
        OSError: a table is not there.
    """
    fields = [FieldRow(*row) for row in _rows(tables / f"messages-{generation}.tsv")]
    values = [ValueRow(*row) for row in _rows(tables / f"enums-{generation}.tsv")]
    packages = {package_of(row.message) for row in fields}
    packages |= {package_of(row.enum) for row in values}
    return {
        file_of(package): _file(
            package,
            [row for row in fields if package_of(row.message) == package],
            [row for row in values if package_of(row.enum) == package],
        )
        for package in sorted(packages)
    }


def compiled(folder: Path) -> bytes:
    """The FileDescriptorSet of all ``.proto`` files in ``folder``, with what they import.

    Raises:
        ImportError: grpcio-tools is not installed.
        SystemExit: protoc refused a file; what it said is on stderr.
    """
    from grpc_tools import protoc  # noqa: PLC0415 - proto_files() works without it

    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.proto"))
    with (
        importlib.resources.as_file(importlib.resources.files("grpc_tools") / "_proto") as google,
        tempfile.TemporaryDirectory() as scratch,
    ):
        out = Path(scratch) / COMPILED
        options = [f"-I{folder}", f"-I{google}", "--include_imports"]
        code = protoc.main(["protoc", *options, f"--descriptor_set_out={out}", *names])
        if code:
            raise SystemExit(f"protoc ended with {code} in {folder.name}")
        return out.read_bytes()


def types_text(data: bytes) -> bytes:
    """The content of ``types.json`` for a FileDescriptorSet."""
    from inspector.schema.load import types_of  # noqa: PLC0415 - proto_files() works without it

    return json.dumps(types_of(data), separators=(",", ":")).encode() + b"\n"


def rewrite(folder: Path, files: dict[str, str]) -> None:
    """Make ``files`` the only ``.proto`` files in ``folder``."""
    for old in folder.rglob("*.proto"):
        old.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> None:
    for generation in GENERATIONS:
        folder = SCHEMAS / generation
        if arguments:
            rewrite(folder, proto_files(Path(arguments[0]), generation))
        data = compiled(folder)
        (folder / COMPILED).write_bytes(data)
        (folder / TYPES).write_bytes(types_text(data))
        print(f"{generation}: {len(data)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
