"""The field tree: every kind of value, secrets covered, long lists in parts, any depth."""

from __future__ import annotations

import math
import struct
from base64 import b64encode

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from inspector.gui.fields.field_items import CHUNK, path_of
from inspector.gui.fields.fields_model import KEYS, FieldsModel
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.values.value_text import read
from inspector.schema.types import Field, MessageType, ScalarType
from inspector.session.summaries import Record
from tests.gui.builders import THING, data, label, number, record, varint

VALUE, TYPE, NUMBER = KEYS.index("value"), KEYS.index("type"), KEYS.index("number")


@pytest.fixture
def model(qapp: QApplication) -> FieldsModel:
    made = FieldsModel()
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(made, mode, made)
    return made


def rows(model: FieldsModel, parent: QModelIndex | None = None) -> dict[str, list[str]]:
    """The rows below a parent: name to value, type and number."""
    above = parent if parent is not None else QModelIndex()
    return {
        model.index(row, 0, above).data(): [
            model.index(row, column, above).data() for column in (VALUE, TYPE, NUMBER)
        ]
        for row in range(model.rowCount(above))
    }


def at(model: FieldsModel, *names: str) -> QModelIndex:
    index = QModelIndex()
    for name in names:
        found = [
            model.index(row, 0, index)
            for row in range(model.rowCount(index))
            if model.index(row, 0, index).data() == name
        ]
        assert found, f"no {name} among {list(rows(model, index))}"
        index = found[0]
    return index


EVERYTHING = (
    data(1, "first\nsecond\n")
    + number(2, -5)
    + number(3, 2)
    + data(4, data(1, "inner"))
    + data(5, number(3, 1) + data(1, "element"))
    + data(6, b"\x01\x02\x03")
    + label("a b", "one")
    + data(8, number(1, 1769373518) + number(2, 250_000_000))
    + data(9, b"\x00\xff")
    + number(10, 1)
    + data(11, "chosen")
    + data(99, "mystery")
)


def test_values_are_written_by_their_type(model: FieldsModel) -> None:
    model.show(record(EVERYTHING))
    assert rows(model) == {
        "name": ["first ↵ second 2 lines", "string", "1"],
        "count": ["-5", "int64", "2"],
        "color": ["COLOR_BLUE 2", "Color", "3"],
        "child": ["inner", "Thing", "4"],
        "children": ["1 item", "repeated Thing", "5"],
        "numbers": ["3 items", "repeated int32", "6"],
        "labels": ["1 entry", "map<string, string>", "7"],
        "at": ["2026-01-25 20:38:38.250 UTC", "Timestamp", "8"],
        "raw": ["00 ff 2 bytes", "bytes", "9"],
        "flag": ["true", "bool", "10"],
        "one": ["chosen", "string oneof choice", "11"],
        "<99> unknown": ["Hidden 7 bytes", "length-delimited", "99"],
    }


def test_elements_and_entries_have_their_labels_and_types(model: FieldsModel) -> None:
    model.show(record(EVERYTHING))
    assert rows(model, at(model, "numbers")) == {
        f"[{i}]": [str(i + 1), "int32", ""] for i in range(3)
    }
    assert rows(model, at(model, "labels")) == {'["a b"]': ["one", "string", ""]}
    assert rows(model, at(model, "children")) == {"[0]": ["element", "Thing", ""]}


NUMBERS = MessageType("demo.Numbers")
NUMBERS.fields = {
    1: Field(1, "double", "double", ScalarType.DOUBLE),
    2: Field(2, "float", "float", ScalarType.FLOAT),
    3: Field(3, "doubles", "doubles", ScalarType.DOUBLE, repeated=True),
}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.5, "1.5"),
        (3.0, "3"),
        (0.1, "0.1"),
        (1e16, "10000000000000000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1e-5, "0.00001"),
        (1e-7, "1e-7"),
        (-0.0, "-0"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_a_number_is_written_as_in_json(model: FieldsModel, value: float, shown: str) -> None:
    double, single = struct.pack("<d", value), struct.pack("<f", value)
    blob = b"\x09" + double + b"\x15" + single + data(3, double)
    model.show(record(blob, message=NUMBERS))
    assert rows(model)["double"][0] == rows(model)["float"][0] == shown
    assert rows(model, at(model, "doubles"))["[0]"][0] == shown
    assert read(model.item(at(model, "float")), model.look).text == shown


DURATION = MessageType("google.protobuf.Duration")
DURATION.fields = {
    1: Field(1, "seconds", "seconds", ScalarType.INT64),
    2: Field(2, "nanos", "nanos", ScalarType.INT32),
}
SPANS = MessageType("demo.Spans")
SPANS.fields = {1: Field(1, "span", "span", ScalarType.MESSAGE, message=DURATION, presence=True)}


@pytest.mark.parametrize(
    ("seconds", "nanos", "shown"),
    [
        (3, 0, "3 s"),
        (3, 500_000_000, "3.500 s"),
        (0, 1, "0.000000001 s"),
        (0, 1_000, "0.000001 s"),
        (-1, -500_000_000, "-1.500 s"),
        (10**13, 1_000_000, "10,000,000,000,000.001 s"),
        (2**63 - 1, 999_999_999, "9,223,372,036,854,775,807.999999999 s"),
    ],
)
def test_nothing_of_a_span_of_time_is_rounded_away(
    model: FieldsModel, seconds: int, nanos: int, shown: str
) -> None:
    model.show(record(data(1, number(1, seconds) + number(2, nanos)), message=SPANS))
    assert rows(model)["span"][0] == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2026-01-25T20:38:38.5Z", "2026-01-25 20:38:38.500 UTC"),
        ("2026-01-25 20:38", "2026-01-25 20:38:00 UTC"),
        ("2026-01-25T20:38:38+02", "2026-01-25 18:38:38 UTC"),
        ("2026-01-25 20:38:38,25 +02:00", "2026-01-25 18:38:38.250 UTC"),
        ("2026-01-25", "2026-01-25"),
        ("2026-01-25 20:38 o'clock", "2026-01-25 20:38 o'clock"),
    ],
)
def test_a_text_that_is_a_time_is_written_as_one(
    model: FieldsModel, stored: str, shown: str
) -> None:
    model.show(record(data(1, stored)))
    assert rows(model)["name"][0] == shown


def test_a_timestamp_is_one_row(model: FieldsModel) -> None:
    model.show(record(EVERYTHING))
    assert not model.hasChildren(at(model, "at"))
    model.set_times(TimeStyle.RELATIVE)
    assert "UTC" not in rows(model)["at"][0]


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (("child", "name"), "child.name"),
        (("children", "[0]", "color"), "children[0].color"),
        (("labels", '["a b"]'), 'labels["a b"]'),
        (("<99> unknown",), "<99>"),
    ],
)
def test_paths_are_those_of_the_command_line(
    model: FieldsModel, names: tuple[str, ...], path: str
) -> None:
    model.show(record(EVERYTHING))
    assert path_of(model.item(at(model, *names))) == path


def test_repeats_of_an_unknown_field_are_numbered(model: FieldsModel) -> None:
    model.show(record(data(99, "a") + data(99, "b")))
    paths = [path_of(model.item(model.index(row, 0))) for row in range(2)]
    assert paths == ["<99>", "<99>[1]"]


def test_an_enum_value_without_a_name_keeps_its_number(model: FieldsModel) -> None:
    model.show(record(number(3, 77)))
    assert rows(model)["color"][0] == "77 has no name"


def test_secrets_are_covered_everywhere_until_shown(model: FieldsModel) -> None:
    model.show(record(data(1, "hunter2") + data(9, b"12345"), covered=("name", "raw")))
    assert rows(model)["name"][0] == "Hidden 7 characters"
    assert rows(model)["raw"][0] == "Hidden 5 bytes"
    item = model.item(at(model, "name"))
    speech = at(model, "name").data(Qt.ItemDataRole.AccessibleTextRole)
    assert speech == "name, hidden, 7 characters, string, 1 of 2"
    assert "hunter2" not in read(item, model.look).text
    assert model.toggle(item)
    assert rows(model)["name"][0] == "hunter2"
    assert read(item, model.look).text == "hunter2"
    assert model.toggle(item)
    assert rows(model)["name"][0] == "Hidden 7 characters"


def test_another_record_covers_what_was_shown(model: FieldsModel) -> None:
    secret = record(data(1, "hunter2"), covered=("name",))
    model.show(secret)
    model.toggle(model.item(at(model, "name")))
    model.show(secret)
    assert rows(model)["name"][0] == "Hidden 7 characters"


def test_all_secrets_of_the_window_can_be_shown(model: FieldsModel) -> None:
    model.show(record(data(1, "hunter2"), covered=("name",)))
    model.reveal_all(on=True)
    assert rows(model)["name"][0] == "hunter2"
    model.show(record(data(1, "another"), covered=("name",)))
    assert rows(model)["name"][0] == "another"
    model.reveal_all(on=False)
    assert rows(model)["name"][0] == "Hidden 7 characters"


SEALED = "enc:v1:" + b64encode(bytes(range(44))).decode()


def test_a_sealed_value_says_so_covered_or_not(model: FieldsModel) -> None:
    model.show(record(data(1, SEALED) + data(11, SEALED), covered=("name",)))
    shown = f"Sealed (enc:v1, 44 bytes) {SEALED}"
    assert rows(model)["name"][0] == "Sealed (enc:v1, 44 bytes)"
    assert rows(model)["one"][0] == shown
    role = Qt.ItemDataRole.AccessibleTextRole
    said = "name, hidden, Sealed (enc:v1, 44 bytes), string, 1 of 2"
    assert at(model, "name").data(role) == said
    assert at(model, "one").data(role).startswith(f"one, {shown}, ")
    item = model.item(at(model, "name"))
    reading = read(item, model.look)
    assert reading.covered
    assert reading.text.startswith("Sealed: the daemon encrypted it")
    assert "sealed (enc:v1, 44 bytes)" in reading.facts
    assert model.toggle(item)
    assert rows(model)["name"][0] == shown
    assert read(item, model.look).text == SEALED


def test_a_value_that_is_no_secret_cannot_be_covered(model: FieldsModel) -> None:
    model.show(record(data(1, "plain")))
    assert not model.toggle(model.item(at(model, "name")))


def test_a_message_is_not_called_by_its_secret(model: FieldsModel) -> None:
    made = record(data(5, data(1, "hunter2")))
    assert made.tree is not None
    inner = made.tree.root.children[0].children[0].children[0]
    hidden = Record(
        *(made.kind, made.id, made.size, None, None, made.choice, made.tree),
        covered=frozenset((id(inner),)),
    )
    model.show(hidden)
    assert rows(model, at(model, "children")) == {"[0]": ["1 field", "Thing", ""]}


def test_unset_fields_are_shown_on_demand_in_their_place(model: FieldsModel) -> None:
    model.show(record(number(2, 1) + data(99, "x")))
    assert list(rows(model)) == ["count", "<99> unknown"]
    model.set_unset(on=True)
    names = [field.name for field in THING.fields.values()]
    assert list(rows(model)) == [*names, "<99> unknown"]
    assert rows(model)["name"] == ["not set", "string", "1"]
    model.set_unset(on=False)
    assert list(rows(model)) == ["count", "<99> unknown"]


def test_a_long_list_comes_in_parts(model: FieldsModel) -> None:
    packed = b"".join(varint(n % 100) for n in range(2 * CHUNK + 1))
    model.show(record(data(6, packed)))
    parts = at(model, "numbers")
    assert list(rows(model, parts)) == ["[0 … 999]", "[1,000 … 1,999]", "[2,000 … 2,000]"]
    second = model.index(1, 0, parts)
    assert model.rowCount(second) == CHUNK
    assert path_of(model.item(model.index(5, 0, second))) == "numbers[1005]"


def test_a_million_elements_make_a_thousand_rows(qapp: QApplication) -> None:
    model = FieldsModel()
    model.show(record(data(6, b"\x07" * 1_000_000)))
    parts = at(model, "numbers")
    assert model.rowCount(parts) == 1000
    last = model.index(999, 0, parts)
    assert path_of(model.item(model.index(999, 0, last))) == "numbers[999999]"


def test_ten_thousand_levels_can_be_walked(qapp: QApplication) -> None:
    model = FieldsModel()
    blob = b""
    for _ in range(10_000):
        blob = data(4, blob)
    model.show(record(blob))
    index, depth = QModelIndex(), 0
    while model.rowCount(index):
        index = model.index(0, 0, index)
        depth += 1
    assert depth == 10_000
    assert path_of(model.item(index)) == ".".join(["child"] * 10_000)
    model.repaint()


def test_bytes_that_are_no_message_are_a_row(model: FieldsModel) -> None:
    model.show(record(data(1, "ok") + b"\x0a\xff\xff"))
    assert rows(model)["name"][0] == "ok"
    assert rows(model)["unreadable"] == ["Hidden 3 bytes", "not valid protobuf", ""]


def test_an_unknown_kind_is_shown_by_number(model: FieldsModel) -> None:
    model.show(record(data(1, "text") + number(2, 5), message=None))
    assert list(rows(model)) == ["<1> unknown", "<2> unknown"]
    model.toggle(model.item(at(model, "<1> unknown")))
    assert rows(model)["<1> unknown"][0] == "74 65 78 74 4 bytes, maybe text"


def test_invalid_utf8_is_said(model: FieldsModel) -> None:
    model.show(record(data(1, b"a\xffb")))
    assert "not valid UTF-8" in rows(model)["name"][0]


def test_control_characters_are_made_visible(model: FieldsModel) -> None:
    model.show(record(data(1, "a\x1b[31m\u202eb")))
    assert rows(model)["name"][0] == "a\u241b[31m\\u202eb"


def test_no_record_has_no_rows(model: FieldsModel) -> None:
    model.show(record(EVERYTHING))
    model.show(None)
    assert model.rowCount() == 0


def test_data_never_raises(model: FieldsModel) -> None:
    model.show(record(EVERYTHING))
    for role in (*range(16), CELL_ROLE):
        assert model.data(QModelIndex(), role) is None
        for row in range(model.rowCount()):
            for column in range(len(KEYS)):
                model.data(model.index(row, column), role)
