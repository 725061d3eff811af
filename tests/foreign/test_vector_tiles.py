"""A file of vector tiles as MBTiles has them, read with the map that comes with the program."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import (
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict
from google.protobuf.message_factory import GetMessageClass

from inspector import assets
from tests.cli.calls import call

PROTO = """syntax = "proto2";
package vector_tile;
message Tile {
  enum GeomType { UNKNOWN = 0; POINT = 1; LINESTRING = 2; POLYGON = 3; }
  message Value { optional string string_value = 1; optional int64 int_value = 4; }
  message Feature {
    optional uint64 id = 1 [default = 0];
    repeated uint32 tags = 2 [packed = true];
    optional GeomType type = 3 [default = UNKNOWN];
    repeated uint32 geometry = 4 [packed = true];
  }
  message Layer {
    required uint32 version = 15 [default = 1];
    required string name = 1;
    repeated Feature features = 2;
    repeated string keys = 3;
    repeated Value values = 4;
    optional uint32 extent = 5 [default = 4096];
  }
  repeated Layer layers = 3;
}
"""
_F = FieldDescriptorProto
_LABELS = {"optional": 1, "required": 2, "repeated": 3}


def compiled() -> FileDescriptorProto:
    """The same, made without a parser of ours."""
    file = FileDescriptorProto(name="vector_tile.proto", package="vector_tile")
    tile = file.message_type.add(name="Tile")
    kind = tile.enum_type.add(name="GeomType")
    for number, name in enumerate(("UNKNOWN", "POINT", "LINESTRING", "POLYGON")):
        kind.value.add(name=name, number=number)
    fields: dict[str, list[tuple[str, int, str, Any]]] = {
        "Value": [("string_value", 1, "optional", _F.TYPE_STRING),
                  ("int_value", 4, "optional", _F.TYPE_INT64)],
        "Feature": [("id", 1, "optional", _F.TYPE_UINT64), ("tags", 2, "repeated", _F.TYPE_UINT32),
                    ("type", 3, "optional", "GeomType"),
                    ("geometry", 4, "repeated", _F.TYPE_UINT32)],
        "Layer": [("version", 15, "required", _F.TYPE_UINT32),
                  ("name", 1, "required", _F.TYPE_STRING), ("features", 2, "repeated", "Feature"),
                  ("keys", 3, "repeated", _F.TYPE_STRING), ("values", 4, "repeated", "Value"),
                  ("extent", 5, "optional", _F.TYPE_UINT32)],
    }  # fmt: skip
    for name, some in fields.items():
        message = tile.nested_type.add(name=name)
        for field, number, label, type_ in some:
            made = message.field.add(name=field, number=number, label=_LABELS[label])
            if isinstance(type_, str):
                made.type_name = f".vector_tile.Tile.{type_}"
                made.type = _F.TYPE_ENUM if type_ == "GeomType" else _F.TYPE_MESSAGE
            else:
                made.type = type_
            made.options.packed = field in ("tags", "geometry")
    tile.field.add(
        name="layers", number=3, label=3, type=_F.TYPE_MESSAGE, type_name=".vector_tile.Tile.Layer"
    )
    return file


def tiles() -> list[Any]:
    pool = DescriptorPool()
    pool.Add(compiled())
    tile = GetMessageClass(pool.FindMessageTypeByName("vector_tile.Tile"))
    made = []
    for number in range(3):
        one: Any = tile()
        layer = one.layers.add(version=2, name=f"roads-{number}", keys=["kind"], extent=4096)
        layer.values.add(string_value="path")
        layer.features.add(id=number, tags=[0, 0], type=2, geometry=[9, 50, 34, 18, 0, 16])
        made.append(one)
    return made


def test_tiles_say_what_their_own_messages_say(tmp_path: Path) -> None:
    made = tiles()
    path = tmp_path / "map.mbtiles"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE metadata (name text, value text)")
        connection.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer,"
            " tile_data blob)"
        )
        connection.executemany(
            "INSERT INTO tiles VALUES (0, ?, 0, ?)",
            [(at, gzip.compress(one.SerializeToString(), mtime=0)) for at, one in enumerate(made)],
        )
    (tmp_path / "protos").mkdir()
    (tmp_path / "protos" / "vector_tile.proto").write_text(PROTO)
    (tmp_path / "vt.binpb").write_bytes(FileDescriptorSet(file=[compiled()]).SerializeToString())
    own_map = assets.path("maps/mbtiles.inspect.toml")
    for schema in (tmp_path / "protos", tmp_path / "vt.binpb"):
        answer = call(
            *("rows", "tiles", "--json", "--db", path, "--map", own_map, "--schema", schema)
        )
        assert [row["values"]["tile_data"] for row in answer.json] == [
            MessageToDict(one) for one in made
        ]
        fit = call(
            *("fit", "tiles.tile_data", "--map", own_map, "--schema", schema, "--json"),
            *("--db", path),
        )
        assert fit.json[0]["message"] == "vector_tile.Tile"
    found = call(
        *("rows", "tiles", "--filter", "ROADS-1", "--json", "--db", path, "--map", own_map),
        *("--schema", tmp_path / "protos"),
    )
    assert [row["values"]["tile_column"] for row in found.json] == [1]
