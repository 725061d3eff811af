"""What proto2 and editions have and proto3 has not, driven by the fields alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf import json_format

from inspector.decode import wire as wire_module
from inspector.decode.byte_map import at, owner
from inspector.decode.decoder import decode
from inspector.decode.json_writer import write
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.problems import findings, inexpressible, payload, unknown_fields
from inspector.decode.wire import read_field
from inspector.schema.types import EnumType, Field, MessageType, ScalarType
from tests.builders.demo import wire
from tests.decode.compiled import COMPILED, EDITION, OLD
from tests.decode.go_wire import refusal
from tests.decode.spans import check_spans
from tests.decode.types import class_of, type_of

GRP, COLOUR, TIGHT, SHADES, MANY, RECURSIVE = 5, 6, 14, 15, 16, 20
NAME = wire.text(2, "x")  # the required field
RED, BLUE = 1, 5


def tree_of(data: bytes, full_name: str = OLD) -> Tree:
    tree = decode(data, type_of(COMPILED, full_name))
    check_spans(tree)
    return tree


def value_of(data: bytes, full_name: str = OLD) -> Any:
    return json.loads(write(tree_of(data, full_name).root))


def by_python(data: bytes, full_name: str = OLD) -> Any:
    return json.loads(json_format.MessageToJson(class_of(COMPILED, full_name).FromString(data)))


def codes(data: bytes, full_name: str = OLD) -> list[tuple[str, str]]:
    return [(one.code, one.place.path) for one in findings(tree_of(data, full_name))]


class TestGroups:
    def test_a_group_is_a_message(self) -> None:
        data = NAME + wire.group(GRP, wire.text(1, "in") + wire.group(3, wire.integer(1, 7)))
        assert value_of(data) == by_python(data) == {
            "name": "x", "grp": {"inner": "in", "deeper": {"number": "7"}},
        }  # fmt: skip
        group = tree_of(data).root.children[1]
        assert (group.kind, group.start, group.end) == (NodeKind.MESSAGE, 3, len(data))
        assert data[group.body : group.end - 1] == payload(tree_of(data), group)[:-1]

    def test_its_tags_belong_to_it(self) -> None:
        data = wire.group(GRP, wire.text(1, "in")) + wire.group(GRP, b"")
        tree = tree_of(wire.group(GRP, wire.text(1, "in")))
        assert [owner(tree, offset) for offset in (0, 1, 5)] == [[0], [0, 0], [0]]
        # Of two, which are merged, the first speaks for the bytes that are nobody's else.
        merged = tree_of(data)
        assert [owner(merged, offset) for offset in range(len(data))][:2] == [[0], [0, 0]]
        assert len(merged.root.children) == 1

    @pytest.mark.parametrize("close", [b"", wire.tag(6, 4), wire.tag(GRP, 4) + wire.tag(GRP, 4)])
    def test_one_that_does_not_end_is_refused(self, close: bytes) -> None:
        data = wire.text(9, "before") + wire.tag(GRP, 3) + wire.text(1, "in") + close
        tree = tree_of(data)
        assert tree.malformed
        assert refusal(data, type_of(COMPILED, OLD)) is not None
        assert "before" in [one.value for one in tree.root.children]

    def test_groups_and_messages_are_not_taken_for_each_other(self) -> None:
        inside = wire.text(1, "in")
        assert codes(NAME + wire.text(GRP, inside)) == [("unknown-field", "<5>")]
        assert codes(NAME + wire.group(RECURSIVE, inside)) == [("unknown-field", "<20>")]

    def test_lists_of_groups(self) -> None:
        data = NAME + b"".join(wire.group(MANY, wire.integer(1, 2 * n)) for n in range(3))
        assert value_of(data) == by_python(data)
        assert [one["number"] for one in value_of(data)["many"]] == [0, 1, 2]

    def test_a_later_member_of_a_oneof_takes_the_place_of_a_group(self) -> None:
        group = wire.group(12, wire.integer(1, 1))
        data = NAME + group + wire.text(9, "text")
        assert value_of(data) == by_python(data) == {"name": "x", "oneText": "text"}
        [lost] = [one for one in tree_of(data).root.children if one.kind == NodeKind.SHADOWED]
        assert data[lost.start : lost.end] == group
        back = data + group
        assert value_of(back) == by_python(back) == {"name": "x", "onegroup": {"yes": True}}

    def test_editions_write_messages_as_groups(self) -> None:
        data = b"".join(
            (
                wire.integer(2, 0),
                wire.group(3, wire.text(1, "in")),
                wire.text(7, "needed"),
                wire.group(8, wire.text(1, "a")) + wire.group(8, b""),
                wire.group(12, wire.struct_entry("k", wire.text(3, "v"))),
                wire.group(13, wire.text(1, wire.double(2, 1.5))),
                wire.group(14, wire.integer(4, 1)),
                wire.group(15, wire.integer(1, 1769632348)),
                wire.group(16, wire.integer(1, 0)) + wire.group(16, wire.text(3, "t")),
            )
        )
        assert value_of(data, EDITION) == by_python(data, EDITION) == {
            "explicit": 0,
            "delimited": {"text": "in"},
            "needed": "needed",
            "many": [{"text": "a"}, {}],
            "struct": {"k": "v"},
            "listed": [1.5],
            "dynamic": True,
            "time": "2026-01-28T20:32:28Z",
            "dynamics": [None, "t"],
        }  # fmt: skip

    @pytest.mark.parametrize("cut", [0, 1])
    def test_thousands_of_them_in_each_other(self, monkeypatch: Any, cut: int) -> None:
        """Each is looked at once for its end, not once for every group around it."""
        looked: list[int] = []

        def counted(data: bytes, start: int, end: int) -> wire_module.Occurrence | None:
            looked.append(start)
            return read_field(data, start, end)

        monkeypatch.setattr(wire_module, "read_field", counted)
        levels = 9000
        data = wire.tag(3, 3) * levels + wire.text(1, "the bottom") + wire.tag(3, 4) * levels
        tree = decode(data[: len(data) - cut], type_of(COMPILED, "edition.Inner"))
        assert tree.malformed == bool(cut)
        assert len(looked) < 5 * levels
        if not cut:
            assert write(tree.root, indent=None).count('{"again":') == levels
            looked.clear()
            assert len(owner(tree, len(data) // 2)) == levels + 1
            assert len(looked) < 5 * levels


class TestClosedEnums:
    """A number without a name is an unknown field: not of the value, but beside it."""

    def test_a_name_is_written(self) -> None:
        data = NAME + wire.integer(COLOUR, BLUE)
        assert value_of(data) == by_python(data) == {"name": "x", "colour": "BLUE"}

    def test_a_number_without_one_is_left_out_and_shown_by_number(self) -> None:
        data = NAME + wire.integer(COLOUR, 77)
        assert value_of(data) == by_python(data) == {"name": "x"}
        tree = tree_of(data)
        assert [what for what, _ in inexpressible(tree)] == ["unknown"]
        [found] = findings(tree)
        assert (found.code, found.place.path) == ("unknown-field", "<6>")
        assert "closed enum" in found.message
        [field] = unknown_fields(tree)
        assert (field.number, field.wire_type, field.data) == (6, 0, b"\x4d")

    def test_it_takes_no_ones_place(self) -> None:
        data = NAME + wire.integer(COLOUR, RED) + wire.integer(COLOUR, 77)
        assert value_of(data) == by_python(data) == {"name": "x", "colour": "RED"}
        in_oneof = NAME + wire.text(9, "text") + wire.integer(11, 77)
        assert value_of(in_oneof) == by_python(in_oneof) == {"name": "x", "oneText": "text"}

    @pytest.mark.parametrize("number", [13, TIGHT, 102])
    @pytest.mark.parametrize("packed", [False, True])
    def test_in_a_list_those_with_a_name_close_up(self, number: int, packed: bool) -> None:
        numbers = [77, RED, -1, BLUE, 0, RED]
        data = NAME + b"".join(wire.integer(number, one) for one in numbers)
        if packed:
            data = NAME + wire.text(number, b"".join(map(wire.varint, numbers)))
        assert value_of(data) == by_python(data)
        tree = tree_of(data)
        listed = tree.root.children[1]
        assert [one.label for one in listed.children] == [0, 1, 2, None, None, None]
        assert [one.value for one in listed.children[:3]] == [RED, BLUE, RED]
        assert [one.number for one in unknown_fields(tree)] == [number] * 3
        assert [int.from_bytes(one.data, "little") for one in unknown_fields(tree)][::2] == [77, 0]
        ways = [owner(tree, offset) for offset in range(3, len(data))]
        assert {tuple(way) for way in ways if len(way) == 2} == {(1, place) for place in range(6)}

    def test_a_list_of_nothing_else_is_no_list(self) -> None:
        data = NAME + wire.text(TIGHT, b"\x4d")
        assert value_of(data) == by_python(data) == {"name": "x"}

    def test_of_a_map_the_whole_entry_is_unknown(self) -> None:
        good = wire.text(SHADES, wire.integer(1, 3) + wire.integer(2, 1))
        bad = wire.text(SHADES, wire.integer(1, 3) + wire.integer(2, 77))
        data = NAME + good + bad
        assert value_of(data) == by_python(data) == {"name": "x", "shades": {"3": "DARK"}}
        tree = tree_of(data)
        [field] = unknown_fields(tree)
        assert (field.number, field.wire_type) == (SHADES, 2)
        assert data[field.offset : field.offset + field.length] == bad
        assert field.data == bad[2:]

    def test_an_open_one_keeps_its_numbers(self) -> None:
        data = wire.text(7, "x") + wire.integer(11, 77)
        assert value_of(data, EDITION) == by_python(data, EDITION) == {"needed": "x", "open": 77}
        closed = wire.text(7, "x") + wire.integer(6, 77)
        assert value_of(closed, EDITION) == by_python(closed, EDITION) == {"needed": "x"}


class TestPresence:
    def test_a_set_value_is_written_though_it_is_the_default(self) -> None:
        data = NAME + wire.integer(1, 7) + wire.integer(COLOUR, BLUE) + wire.text(7, b"")
        assert value_of(data) == by_python(data) == {
            "withDefault": 7, "name": "x", "colour": "BLUE", "raw": "",
        }  # fmt: skip
        zero = NAME + wire.integer(1, 0)
        assert value_of(zero) == by_python(zero) == {"withDefault": 0, "name": "x"}

    def test_a_default_is_not_shown_where_nothing_is_set(self) -> None:
        assert value_of(NAME) == by_python(NAME) == {"name": "x"}
        assert [one.field and one.field.name for one in tree_of(NAME).root.children] == ["name"]

    def test_editions_say_it_field_by_field(self) -> None:
        data = wire.integer(1, 0) + wire.integer(2, 0) + wire.text(7, "")
        assert value_of(data, EDITION) == by_python(data, EDITION) == {"explicit": 0, "needed": ""}

    def test_a_required_field_that_is_missing_is_said(self) -> None:
        many = wire.group(MANY, b"") + wire.group(MANY, wire.integer(1, 2))
        kids = wire.text(8, wire.text(1, "k"))
        assert codes(many + kids) == [
            ("missing-required", ""),
            ("missing-required", 'kids["k"]'),
            ("missing-required", "many[0]"),
        ]
        assert codes(NAME) == []
        assert codes(b"", EDITION) == [("missing-required", "")]
        [found] = findings(tree_of(b"", EDITION))
        assert "needed" in found.message

    @pytest.mark.parametrize("number", [3, 4])
    def test_lists_are_read_packed_and_not(self, number: int) -> None:
        data = NAME + wire.integer(number, 1) + wire.text(number, b"\x02\x03")
        assert value_of(data) == by_python(data)
        assert list(value_of(data).values())[1] == [1, 2, 3]


class TestText:
    @pytest.mark.parametrize(
        ("data", "full_name"),
        [
            (NAME + wire.text(9, b"a\xffb"), OLD),
            (NAME + wire.text(17, b"a\xffb"), OLD),
            (NAME + wire.text(18, wire.text(1, b"a\xffb") + wire.text(2, "v")), OLD),
            (NAME + wire.text(18, wire.text(1, "k") + wire.text(2, b"a\xffb")), OLD),
            (NAME + wire.text(100, b"a\xffb"), OLD),
            (wire.text(7, "x") + wire.text(5, b"a\xffb"), EDITION),
            (wire.text(7, "x") + wire.text(9, wire.text(1, b"a\xffb")), EDITION),
        ],
    )
    def test_it_may_be_no_utf8_but_json_cannot_say_so(self, data: bytes, full_name: str) -> None:
        tree = tree_of(data, full_name)
        assert refusal(data, type_of(COMPILED, full_name)) is None
        assert not tree.bad_text
        assert list(findings(tree)) == []
        assert [what for what, _ in inexpressible(tree)] == ["invalid-utf8"]
        assert "a\ufffdb" in write(tree.root)

    def test_where_an_edition_checks_it_the_daemon_would_refuse(self) -> None:
        data = wire.text(7, "x") + wire.text(20, b"\xff")
        assert codes(data, EDITION) == [("invalid-utf8", "checked")]


class TestExtensions:
    def test_they_are_written_by_full_name_in_brackets(self) -> None:
        data = (
            NAME
            + wire.text(100, "text")
            + wire.text(101, wire.text(2, "inner") + wire.text(100, "again"))
            + wire.group(103, wire.integer(1, 5))
            + wire.text(150, wire.integer(1, 6))
        )
        assert value_of(data) == by_python(data) == {
            "name": "x",
            "[old.ext]": "text",
            "[old.ext_bases]": [{"name": "inner", "[old.ext]": "again"}],
            "[old.extgroup]": {"number": 5},
            "[old.Holder.held]": {"number": 6},
        }  # fmt: skip

    def test_their_place_has_their_name(self) -> None:
        data = NAME + wire.text(101, NAME + wire.integer(999, 1))
        [(_, place)] = inexpressible(tree_of(data))
        assert place.path == "[old.ext_bases][0].<999>"

    def test_others_are_unknown_fields(self) -> None:
        assert codes(NAME + wire.integer(180, 1)) == [("unknown-field", "<180>")]


def test_what_is_not_said_of_a_field_is_as_it_is_in_proto3() -> None:
    enum = EnumType("pkg.Colour", {0: "NONE"})
    message = MessageType("pkg.Message")
    message.fields = {
        1: Field(1, "text", "text", ScalarType.STRING),
        2: Field(2, "colour", "colour", ScalarType.ENUM, enum=enum),
    }
    tree = decode(wire.text(1, b"\xff") + wire.integer(2, 77), message)
    assert [one.code for one in findings(tree)] == ["invalid-utf8", "unknown-enum"]
    node: Node = at(tree, [1])
    assert (node.kind, node.value) == (NodeKind.ENUM, 77)
