"""Real packages, downloaded and never installed, beside the tables of what every release holds."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from inspector.schema.own import OwnField, OwnSchema, read_own
from tests.published import published_wheel

TABLES = Path(__file__).resolve().parents[2].parent / "shared" / "stigmer" / "history"
SCALARS = {
    **{1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 6: "fixed64"},
    **{7: "fixed32", 8: "bool", 9: "string", 12: "bytes", 13: "uint32", 15: "sfixed32"},
    **{16: "sfixed64", 17: "sint32", 18: "sint64"},
}

pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason="the tables are not beside us")
each_release = pytest.mark.parametrize("release", ["0.0.36", "1.0.4", "3.41.0"])


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def held(name: str, release: str) -> list[dict[str, str]]:
    """The rows of a table that hold for a release."""
    order = {row["release"]: index for index, row in enumerate(rows("releases"))}
    at = order[release]
    return [
        row
        for row in rows(name)
        if order[row["since"]] <= at and (not row["until"] or at <= order[row["until"]])
    ]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wheels")


def is_own(full_name: str) -> bool:
    return full_name.startswith("ai.stigmer.")


def stored(schema: OwnSchema) -> set[str]:
    """The messages that a kind can hold; the table has none of requests."""
    found: set[str] = set()
    pending = [kind.message for kind in schema.kinds.values()]
    while pending:
        name = pending.pop()
        if name not in found and is_own(name) and name in schema.types.messages:
            found.add(name)
            pending += (field.type_name for field in schema.types.messages[name])
    return found


def line(field: OwnField) -> tuple[str, str, str, str]:
    label = "repeated" if field.repeated else ""
    if field.presence and field.oneof is None and field.type not in (10, 11):
        label = "optional"
    return field.name, label, field.type_name or SCALARS[field.type], field.oneof or ""


@each_release
def test_every_field_is_as_the_table_says(wheels: Path, release: str) -> None:
    schema = read_own(published_wheel(wheels, release))
    types = schema.types
    expected: dict[str, dict[int, tuple[str, str, str, str]]] = {}
    entries = set()
    for row in held("messages", release):
        fields = expected.setdefault(row["message"], {})
        if row["entry"]:
            entries.add(row["message"])
        if row["number"]:
            fields[int(row["number"])] = (row["field"], row["label"], row["type"], row["oneof"])
    # Events are stored too, though no kind holds them.
    wanted = stored(schema) | expected.keys()
    found = {
        name: {field.number: line(field) for field in fields}
        for name, fields in types.messages.items()
        if name in wanted
    }
    assert found == expected
    assert types.entries & found.keys() == entries


@each_release
def test_every_enum_value_is_as_the_table_says(wheels: Path, release: str) -> None:
    types = read_own(published_wheel(wheels, release)).types
    expected: dict[str, dict[int, str]] = {}
    for row in held("enums", release):
        expected.setdefault(row["enum"], {})[int(row["number"])] = row["value"]
    assert expected
    found = {name: dict(enum.values) for name, enum in types.enums.items() if is_own(name)}
    assert {name: found.get(name) for name in expected} == expected
    assert not any(enum.closed for name, enum in types.enums.items() if is_own(name))


@each_release
def test_every_kind_is_as_the_table_says(wheels: Path, release: str) -> None:
    schema = read_own(published_wheel(wheels, release))
    assert schema.problems == ()
    expected = {
        row["kind"]: (
            *(row["message"], int(row["number"]), row["display_name"], row["id_prefix"]),
            *(row["group"], row["versioned"] == "yes"),
        )
        for row in held("kinds", release)
        if row["message"] in schema.types.messages
    }
    assert told(schema) == expected


def told(schema: OwnSchema) -> dict[str, tuple[object, ...]]:
    return {
        kind: (
            *(own.message, own.number, own.display_name, own.id_prefix),
            *(own.group, own.versioned),
        )
        for kind, own in schema.kinds.items()
    }


def test_unpacked_it_is_the_same_schema(wheels: Path, tmp_path: Path) -> None:
    packed = published_wheel(wheels, "1.0.4")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
    schema, unpacked = read_own(packed), read_own(tmp_path)
    assert unpacked.types == schema.types
    assert unpacked.kinds == schema.kinds
    assert (unpacked.name, schema.name) == (tmp_path.name, packed.name)
