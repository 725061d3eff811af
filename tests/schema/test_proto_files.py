"""The .proto files: compiled to what ships, and saying what the tables say."""

from __future__ import annotations

import csv
import importlib.util
import re
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from inspector import assets
from inspector.schema.catalog import GENERATIONS, descriptor_set, generation
from inspector.schema.types import EnumType, Field, ScalarType

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT.parent / "shared" / "stigmer"
MAP = re.compile(r"map<(.+), (.+)>")

Line = tuple[str, str, str, str, str]

needs_tables = pytest.mark.skipif(not TABLES.is_dir(), reason="the tables are not beside us")
each_generation = pytest.mark.parametrize("name", GENERATIONS)


@pytest.fixture(scope="module")
def schemas() -> ModuleType:
    spec = importlib.util.spec_from_file_location("schemas", ROOT / "packaging" / "schemas.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(table: str) -> list[list[str]]:
    with (TABLES / table).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def type_text(field: Field) -> str:
    if field.map_key is not None and field.map_value is not None:
        return f"map<{type_text(field.map_key)}, {type_text(field.map_value)}>"
    named = field.message or field.enum
    return named.full_name if named else field.type.name.lower()


def label(field: Field) -> str:
    if field.is_map:
        return "map"
    if field.repeated:
        return "repeated"
    optional = field.presence and field.oneof is None and field.type is not ScalarType.MESSAGE
    return "optional" if optional else "singular"


def lower_camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


@each_generation
def test_compiling_again_gives_the_bytes_that_ship(schemas: ModuleType, name: str) -> None:
    pytest.importorskip("grpc_tools.protoc", reason="grpcio-tools is not installed")
    assert schemas.compiled(assets.path("schemas", name)) == descriptor_set(name)


@each_generation
def test_the_types_that_ship_are_those_of_the_compiled_set(schemas: ModuleType, name: str) -> None:
    shipped = assets.path("schemas", name, "types.json").read_bytes()
    assert shipped == schemas.types_text(descriptor_set(name))


@needs_tables
@each_generation
def test_the_proto_files_are_what_the_tables_give(schemas: ModuleType, name: str) -> None:
    folder = assets.path("schemas", name)
    there = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.proto")
    }
    assert there == schemas.proto_files(TABLES, name)


@needs_tables
@each_generation
def test_every_field_is_as_its_table_says(name: str) -> None:
    expected: dict[str, dict[int, Line]] = defaultdict(dict)
    for message, number, field, kind, type_name, oneof in rows(f"messages-{name}.tsv"):
        fields = expected[message]
        if field:
            fields[int(number)] = (field, lower_camel(field), kind, type_name, oneof)
    found: dict[str, dict[int, Line]] = {
        message.full_name: {
            number: (
                field.name,
                field.json_name,
                label(field),
                type_text(field),
                field.oneof or "",
            )
            for number, field in message.fields.items()
        }
        for message in generation(name).messages.values()
        if not message.full_name.startswith("google.")
    }
    assert found == expected


@needs_tables
@each_generation
def test_every_enum_is_as_its_table_says(name: str) -> None:
    expected: dict[str, dict[int, str]] = defaultdict(dict)
    for enum, number, value in rows(f"enums-{name}.tsv"):
        expected[enum][int(number)] = value
    enums: set[EnumType] = {
        field.enum
        for message in generation(name).messages.values()
        for field in message.fields.values()
        if field.enum is not None
    }
    found = {enum.full_name: dict(enum.names) for enum in enums}
    assert found.pop("google.protobuf.NullValue") == {0: "NULL_VALUE"}
    assert found == expected


@needs_tables
@pytest.mark.parametrize("table", ["kinds.tsv", "secrets.tsv"])
def test_the_tables_that_ship_are_the_ones_handed_over(table: str) -> None:
    assert assets.path(table).read_bytes() == (TABLES / table).read_bytes()


def test_aliases_optional_fields_maps_and_oneofs_become_proto(
    schemas: ModuleType, tmp_path: Path
) -> None:
    pytest.importorskip("grpc_tools.protoc", reason="grpcio-tools is not installed")
    (tmp_path / "messages-x.tsv").write_text(
        "message\tnumber\tfield\tlabel\ttype\toneof\n"
        "shop.v1.Order\t1\tid\tsingular\tstring\t\n"
        "shop.v1.Order\t2\tcard\tsingular\tstring\tpayment\n"
        "shop.v1.Order\t3\tnote\toptional\tstring\t\n"
        "shop.v1.Order\t4\tcash\tsingular\tbool\tpayment\n"
        "shop.v1.Order\t5\tby_state\tmap\tmap<string, shop.State>\t\n"
        "shop.v1.Nothing\t\t\t\t\t\n",
        encoding="utf-8",
    )
    (tmp_path / "enums-x.tsv").write_text(
        "enum\tnumber\tvalue\nshop.State\t0\tNEW\nshop.State\t0\tFRESH\n", encoding="utf-8"
    )
    files = schemas.proto_files(tmp_path, "x")
    assert list(files) == ["shop/shop.proto", "shop/v1/shop.proto"]
    assert "option allow_alias = true;" in files["shop/shop.proto"]
    assert files["shop/v1/shop.proto"].splitlines()[5:] == [
        'import "shop/shop.proto";',
        "",
        "message Order {",
        "  string id = 1;",
        "  oneof payment {",
        "    string card = 2;",
        "    bool cash = 4;",
        "  }",
        "  optional string note = 3;",
        "  map<string, shop.State> by_state = 5;",
        "}",
        "",
        "message Nothing {",
        "}",
    ]
    schemas.rewrite(tmp_path / "protos", files)
    assert b"shop/v1/shop.proto" in schemas.compiled(tmp_path / "protos")
