"""Sets of releases, and every release as the tables of the published packages have it."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import given
from hypothesis import strategies as st

from inspector import assets
from inspector.schema.catalog import merged_schema, release, releases
from inspector.schema.merged import nearest
from inspector.schema.pools import descriptor_set, pool
from inspector.schema.releases import (
    interval,
    mask_of_runs,
    newest,
    numbers,
    oldest,
    since,
    union,
    until,
)
from inspector.schema.types import Field, MessageType, ScalarType
from tests.places import shared
from tests.releases import JANUARY_25, JANUARY_26, NEWEST, SOME, message_class

STRUCT = "google.protobuf.Struct"
each_release = pytest.mark.parametrize("name", SOME)
masks = st.integers(1, (1 << 200) - 1)

#: Name, label, type, oneof, and the types of key and value of a map.
Row = tuple[str, str, str, str, tuple[str, str] | None]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def wanted() -> dict[str, dict[str, dict[int, Row]]]:
    """What the tables say: by release, message and number."""
    folder = shared("stigmer", "history")
    order = [row["release"] for row in table(folder / "releases.tsv")]
    at = {name: number for number, name in enumerate(order)}
    rows = table(folder / "messages.tsv")
    known = {row["message"] for row in rows}
    entries: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    found: dict[str, dict[str, dict[int, Row]]] = defaultdict(lambda: defaultdict(dict))

    def span(row: dict[str, str]) -> list[str]:
        last = at[row["until"]] if row["until"] else len(order) - 1
        return order[at[row["since"]] : last + 1]

    for row in rows:
        if row["entry"]:
            for name in span(row):
                entries[name][row["message"]][row["field"]] = row["type"]
    for row in rows:
        if row["entry"]:
            continue
        for name in span(row):
            fields = found[name][row["message"]]
            if row["number"]:
                entry = entries[name].get(row["type"])
                pair = (entry["key"], entry["value"]) if entry else None
                label = "map" if entry else row["label"]
                if label == "optional" and row["type"] in known:
                    label = ""  # a message has presence anyway
                type_ = "" if entry else row["type"]
                fields[int(row["number"])] = (row["field"], label, type_, row["oneof"], pair)
    return found


def shown_type(field: Field) -> str:
    named = field.message or field.enum
    return named.full_name if named is not None else field.type.name.lower()


def row_of(field: Field) -> Row:
    if field.is_map:
        assert field.map_key is not None
        assert field.map_value is not None
        pair = (shown_type(field.map_key), shown_type(field.map_value))
        return (field.name, "map", "", field.oneof or "", pair)
    optional = field.presence and field.message is None and field.oneof is None
    label = "repeated" if field.repeated else "optional" if optional else ""
    return (field.name, label, shown_type(field), field.oneof or "", None)


def test_every_release_is_as_the_tables_of_its_package_have_it() -> None:
    expected = wanted()
    assert len(expected) == 191
    for name, messages in expected.items():
        own = release(name).messages
        assert set(own) == set(messages), name
        for full_name, fields in messages.items():
            made = {number: row_of(field) for number, field in own[full_name].fields.items()}
            assert made == fields, (name, full_name)


def test_every_enum_value_is_as_the_tables_have_it() -> None:
    folder = shared("stigmer", "history")
    merged = merged_schema()
    values: dict[str, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in table(folder / "enums.tsv"):
        first = merged.number(row["since"])
        last = merged.number(row["until"]) if row["until"] else len(merged.names) - 1
        for number in range(first, last + 1):
            values[merged.names[number]][row["enum"]][int(row["number"])] = row["value"]
    assert len(values) == 191
    for name, enums in values.items():
        view = merged.strict(merged.number(name))
        for enum, known in enums.items():
            assert dict(view.enum(enum).names) == known, (name, enum)


@pytest.mark.parametrize("day", [JANUARY_25, JANUARY_26])
def test_january_is_as_its_tables_have_it(day: str) -> None:
    own = release(day).messages
    rows = table(shared("stigmer", f"messages-{day}.tsv"))
    assert set(own) == {row["message"] for row in rows}
    for row in rows:
        if row["number"]:
            field = own[row["message"]].fields[int(row["number"])]
            assert field.name == row["field"]
            assert (field.oneof or "") == row["oneof"]
            assert field.is_map == (row["label"] == "map")


def test_kinds_are_as_the_tables_have_them() -> None:
    merged = merged_schema()
    rows = table(shared("stigmer", "history", "kinds.tsv"))
    for row in rows:
        first = merged.number(row["since"])
        last = merged.number(row["until"]) if row["until"] else len(merged.names) - 1
        for number in range(first, last + 1):
            known = {one.kind: one for one in merged.kinds if one.releases >> number & 1}[
                row["kind"]
            ]
            assert (known.number, known.display_name) == (int(row["number"]), row["display_name"])
            assert (known.group, known.id_prefix) == (row["group"], row["id_prefix"])
            assert known.versioned == (row["versioned"] == "yes")


def shown(field: Field) -> tuple[object, ...]:
    named = field.enum if field.is_map is False and field.enum else field.message
    full_name = None if field.is_map else named and named.full_name
    return (
        *(field.number, field.name, field.json_name, int(field.type), field.repeated),
        *(field.presence, field.oneof, full_name),
    )


def reference(field: FieldDescriptor) -> tuple[object, ...]:
    named = field.message_type or field.enum_type
    oneof = field.containing_oneof
    # A proto3 optional field lies in a synthetic oneof of one field, named after it.
    synthetic = oneof is not None and oneof.name == f"_{field.name}"
    is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
    return (
        *(field.number, field.name, field.json_name, field.type, field.is_repeated),
        *(field.has_presence, oneof.name if oneof is not None and not synthetic else None),
        None if is_map else named and named.full_name,
    )


@each_release
def test_every_message_is_as_the_pool_has_it(name: str) -> None:
    for message in release(name).messages.values():
        descriptor = pool(name).FindMessageTypeByName(message.full_name)
        fields = sorted(descriptor.fields, key=lambda field: field.number)
        assert [shown(field) for field in message.fields.values()] == [
            reference(field) for field in fields
        ]


@each_release
def test_pool_classes_read_and_write(name: str) -> None:
    agent = message_class(name, "ai.stigmer.agentic.agent.v1.Agent")
    assert agent is message_class(name, "ai.stigmer.agentic.agent.v1.Agent")
    assert agent.FromString(b"\x0a\x01v").SerializeToString() == b"\x0a\x01v"
    with pytest.raises(KeyError):
        message_class(name, "ai.stigmer.agentic.agent.v1.Nobody")


def test_a_descriptor_set_is_the_same_each_time() -> None:
    assert descriptor_set(NEWEST) == descriptor_set("2026-10")
    with pytest.raises(KeyError):
        descriptor_set("0.0.1")


@each_release
def test_map_fields_look_into_their_entries(name: str) -> None:
    messages = release(name).messages
    maps = [field for one in messages.values() for field in one.fields.values() if field.is_map]
    assert maps
    for field in maps:
        assert field.message is not None
        assert (field.map_key, field.map_value) == tuple(field.message.fields.values())


def test_struct_holds_itself() -> None:
    messages = release(NEWEST).messages
    value = messages["google.protobuf.Value"]
    fields = {field.name: field for field in value.fields.values()}
    assert fields["struct_value"].message is messages[STRUCT]
    assert fields["struct_value"].oneof == "kind"
    assert fields["null_value"].enum is not None
    assert fields["null_value"].enum.names == {0: "NULL_VALUE"}


def test_proto3_optional_is_presence_without_a_oneof() -> None:
    score = release(NEWEST).messages["ai.stigmer.agentic.evalrun.v1.EvalRunArm"].fields[1]
    assert (score.name, score.presence, score.oneof) == ("score", True, None)
    assert score.type is ScalarType.DOUBLE


def test_the_same_number_means_another_thing_in_another_release() -> None:
    metadata = "ai.stigmer.commons.apiresource.ApiResourceMetadata"
    assert release(JANUARY_26).messages[metadata].fields[5].name == "owner_scope"
    assert release("0.0.36").messages[metadata].fields[5].name == "visibility"


def test_a_view_has_the_nearest_meaning_of_every_number_in_every_release() -> None:
    """However many releases share one object."""
    merged = merged_schema()
    contested = 0
    for key in merged.message_keys():
        for number, variants in merged.variants(key).items():
            meanings: dict[tuple[str, int, int | str], int] = {}
            for one in variants:
                meanings[one.meaning] = meanings.get(one.meaning, 0) | one.releases
            if len(meanings) == 1:
                continue
            contested += 1
            for at in range(len(merged.names)):
                wanted = list(meanings)[nearest(list(meanings.values()), at)]
                field = merged.view(at).message(key).fields[number]
                assert field.name == wanted[0]
                if isinstance(wanted[2], str) and merged.is_message(wanted[2]):
                    held = field.map_value or field
                    assert held.message is not None
                    assert held.message is merged.view(at).message(wanted[2])
    assert contested >= 20


def test_releases_that_agree_on_all_of_a_message_share_it() -> None:
    merged = merged_schema()
    agent = merged.keys["ai.stigmer.agentic.agent.v1.Agent"]
    january, first, last = (merged.number(one) for one in (JANUARY_26, "0.0.36", NEWEST))
    made = {id(merged.view(at).message(agent)) for at in range(len(merged.names))}
    assert len(made) < 10
    assert merged.view(january).message(agent) is not merged.view(first).message(agent)
    assert merged.view(last - 1).message(agent) is not merged.strict(last - 1).message(agent)


def test_a_release_is_made_once_and_has_no_object_of_another() -> None:
    assert release(NEWEST) is release(NEWEST)
    seen: dict[MessageType, str] = {}
    for name in SOME:
        for message in release(name).messages.values():
            assert seen.setdefault(message, name) == name


def test_releases_are_in_the_order_they_came_out() -> None:
    assert releases()[:3] == (JANUARY_25, JANUARY_26, "0.0.36")
    assert releases()[-2:] == ("3.41.0", NEWEST)
    assert len(releases()) == 193
    published = list(merged_schema().published)
    assert published == sorted(published)


def test_an_interval_is_named_by_its_ends() -> None:
    names = ("a", "b", "c")
    assert interval(0b010, names) == "b"
    assert interval(0b101, names) == "a..c"
    assert interval(0, names) == ""


@given(masks)
def test_a_set_lies_between_its_oldest_and_newest(mask: int) -> None:
    members = list(numbers(mask))
    assert (oldest(mask), newest(mask)) == (members[0], members[-1])
    assert union(1 << member for member in members) == mask
    full = (1 << 200) - 1
    assert mask & since(oldest(mask), full) & until(newest(mask)) == mask
    assert not mask & since(newest(mask) + 1, full)


@given(st.lists(st.integers(0, 30), min_size=1, unique=True))
def test_runs_say_what_they_hold(members: list[int]) -> None:
    runs = [bound for member in members for bound in (member, member)]
    assert list(numbers(mask_of_runs(runs))) == sorted(members)


@given(st.lists(masks, min_size=1, max_size=4), st.integers(0, 199))
def test_a_release_without_a_meaning_has_that_of_the_nearest(found: list[int], number: int) -> None:
    at = nearest(found, number)
    if any(mask >> number & 1 for mask in found):
        assert found[at] >> number & 1
        return
    before = [max(n for n in numbers(m) if n < number) for m in found if m & ((1 << number) - 1)]
    if before:
        assert max(n for n in numbers(found[at]) if n < number) == max(before)
    else:
        assert oldest(found[at]) == min(map(oldest, found))


def test_of_kinds_nothing_is_parsed_but_what_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are nine tenths of the file, and a command that lists kinds reads none."""
    whole = merged_schema()
    messages, enums = set(whole.message_keys()), set(whole.enum_names())
    parsed: list[int] = []
    loads = json.loads

    def counted(content: bytes) -> object:
        parsed.append(len(content))
        return loads(content)

    monkeypatch.setattr(json, "loads", counted)
    merged = merged_schema.__wrapped__()
    size = assets.path("schema.json").stat().st_size
    assert merged.names == releases()
    assert merged.rows_of("agent")[-1].display_name == "Agent"
    assert sum(parsed) < size / 5
    assert (set(merged.message_keys()), set(merged.enum_names())) == (messages, enums)
    assert sum(parsed) == pytest.approx(size, abs=5)
