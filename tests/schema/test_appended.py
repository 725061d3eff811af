"""A schema of one's own behind the releases, as one release more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspector.errors import SchemaError
from inspector.schema.appended import append
from inspector.schema.catalog import (
    asked,
    bring,
    display,
    is_own,
    own_problems,
    own_schemas,
    release,
    schema_name,
)
from inspector.schema.kind_names import normal_kind
from inspector.schema.merged import MergedSchema, SchemaView
from inspector.schema.own import read_own
from inspector.schema.pools import descriptor_set
from inspector.schema.types import Field, MessageType, ScalarType, SecretRule
from tests.releases import NEWEST, SOME
from tests.schema.protos import written

#: Of what a field knows, that which tells releases apart is of no interest within one of them.
FACTS = ("number", "name", "json_name", "type", "repeated", "presence", "oneof", "is_map", "secret")


def view(schema: str) -> SchemaView:
    merged, number = asked(schema)
    assert number is not None
    return merged.strict(number)


def brought(folder: Path, text: str) -> SchemaView:
    return view(bring(written(folder, {"a.proto": 'syntax = "proto3";\n' + text})))


def facts(field: Field | None) -> tuple[object, ...] | None:
    if field is None:
        return None
    enum = field.enum and (field.enum.full_name, dict(field.enum.names))
    message = field.message and not field.is_map and field.message.full_name
    inner = (facts(field.map_key), facts(field.map_value))
    return (*(getattr(field, name) for name in FACTS), enum, message, *inner)


def all_facts(message: MessageType) -> dict[int, tuple[object, ...] | None]:
    return {number: facts(field) for number, field in message.fields.items()}


@pytest.mark.parametrize("name", SOME)
def test_the_descriptors_of_a_release_are_read_as_that_release(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, {f"{name}.binpb": descriptor_set(name)}) / f"{name}.binpb"
    own = view(bring(path)).release()
    published = release(name)
    assert own.name == f"{name}.binpb"
    for full_name, message in published.messages.items():
        assert all_facts(own.messages[full_name]) == all_facts(message), full_name
        assert own.messages[full_name].has_secrets == message.has_secrets
    # A set of descriptors made from tables has no list of kinds, so their messages' names count.
    for kind, known in own.kinds.items():
        read, expected = known.message, published.kinds[kind].message
        assert read is not None
        assert expected is not None
        assert read.full_name == expected.full_name
        assert known.display_name == published.kinds[kind].display_name
    assert set(own.kinds) == {
        normal_kind(known.message.name)
        for known in published.kinds.values()
        if known.message is not None
        and [field.name for field in known.message.fields.values()][:3]
        == ["api_version", "kind", "metadata"]
    }


def test_nothing_of_the_releases_is_changed(tmp_path: Path) -> None:
    before = all_facts(release(NEWEST).messages["ai.stigmer.agentic.agent.v1.AgentSpec"])
    own = brought(
        tmp_path,
        "package ai.stigmer.agentic.agent.v1; message AgentSpec { int32 quite_another = 1; }",
    )
    message = own.release().messages["ai.stigmer.agentic.agent.v1.AgentSpec"]
    assert [field.name for field in message.fields.values()] == ["quite_another"]
    spec = release(NEWEST).messages["ai.stigmer.agentic.agent.v1.AgentSpec"]
    assert all_facts(spec) == before
    assert asked(NEWEST).merged is not asked(str(tmp_path)).merged


def test_secrets_are_those_of_the_message_under_any_name(tmp_path: Path) -> None:
    own = brought(
        tmp_path,
        "package ai.stigmer.agentic.environment.v1;\n"
        "message EnvironmentValue { string value = 7; bool is_secret = 8; }\n"
        "message Holder { map<string, EnvironmentValue> data = 1; }",
    )
    messages = own.release().messages
    value = messages["ai.stigmer.agentic.environment.v1.EnvironmentValue"].fields[7]
    assert value.secret is SecretRule.IF_FLAGGED
    assert messages["ai.stigmer.agentic.environment.v1.Holder"].has_secrets


def test_of_a_message_and_the_one_it_became_each_is_itself(tmp_path: Path) -> None:
    files = {
        "a.proto": 'syntax = "proto3"; package ai.stigmer.agentic.agentexecution.v1;'
        " message AgentExecution { string first = 1; }",
        "b.proto": 'syntax = "proto3"; package ai.stigmer.agentic.run.v1;'
        " message Run { string second = 1; }",
    }
    both = view(bring(written(tmp_path, files))).release().messages
    assert both["ai.stigmer.agentic.agentexecution.v1.AgentExecution"].fields[1].name == "first"
    assert both["ai.stigmer.agentic.run.v1.Run"].fields[1].name == "second"


def test_names_in_json_enums_and_maps_are_the_schemas_own(tmp_path: Path) -> None:
    own = brought(
        tmp_path,
        """
        package p; import "google/protobuf/struct.proto"; import "google/protobuf/wrappers.proto";
        message M {
          string a = 1 [json_name = "Another"]; optional int32 b = 2; E e = 3;
          map<int32, E> by_number = 4; map<string, M> ms = 5; google.protobuf.Struct s = 6;
          oneof o { string x = 7; M y = 8; } repeated E list = 9;
          google.protobuf.StringValue wrapped = 10; map<string, google.protobuf.Value> values = 11;
        }
        enum E { option allow_alias = true; ZERO = 0; NOUGHT = 0; ONE = 1; }
        """,
    )
    message = own.release().messages["p.M"]
    fields = {field.name: field for field in message.fields.values()}
    assert fields["a"].json_name == "Another"
    assert [name for name, field in fields.items() if field.presence] == [
        *("b", "s", "x", "y", "wrapped")
    ]
    assert [name for name, field in fields.items() if field.oneof] == ["x", "y"]
    assert fields["e"].enum is not None
    assert fields["e"].enum.names == {0: "ZERO", 1: "ONE"}
    key, value = fields["by_number"].map_key, fields["by_number"].map_value
    assert key is not None
    assert value is not None
    assert (key.type, value.type, value.enum) == (
        *(ScalarType.INT32, ScalarType.ENUM, fields["e"].enum),
    )
    assert fields["ms"].map_value is not None
    assert fields["ms"].map_value.message is message
    assert fields["s"].message is not None
    assert fields["s"].message.full_name == "google.protobuf.Struct"
    assert fields["wrapped"].message is not None
    assert fields["wrapped"].message.fields[1].name == "value"
    assert own.merged.is_closed("p.E") is False


def test_what_has_no_form_here_is_shown_by_number_and_said(tmp_path: Path) -> None:
    text = """
        package p;
        message M { required group G = 1 { optional int32 x = 1; } optional int32 y = 2;
                    extensions 10 to 20; optional Set set = 3; optional Closed c = 4; }
        message Set { option message_set_wire_format = true; extensions 4 to max; }
        message Item { extend Set { optional Item item = 5; } }
        extend M { optional string y = 10; }
        enum Closed { ONE = 1; }
    """
    schema = bring(written(tmp_path, {"a.proto": text}))
    own = view(schema)
    message = own.release().messages["p.M"]
    assert [(field.name, field.json_name) for field in message.fields.values()] == [
        *(("g", "g"), ("y", "y"), ("set", "set"), ("c", "c"), ("[p.y]", "[p.y]")),
    ]
    group, _, _, _, added = message.fields.values()
    assert (group.type, group.required, group.presence) == (ScalarType.GROUP, True, True)
    assert (added.extension, added.utf8) == (True, False)
    assert own.release().messages["p.Set"].fields == {}
    assert own_problems(schema) == ("p.Set is a message set, which is shown by number.",)
    assert own.merged.is_closed("p.Closed")


def test_an_enum_that_was_a_message_is_not_taken_for_it(tmp_path: Path) -> None:
    text = """
        package ai.stigmer.agentic.agent.v1;
        enum AgentSpec { NONE = 0; } message M { AgentSpec spec = 1; string x = 2; }
    """
    schema = bring(written(tmp_path, {"a.proto": 'syntax = "proto3";' + text}))
    message = view(schema).release().messages["ai.stigmer.agentic.agent.v1.M"]
    assert list(message.fields) == [2]
    assert len(own_problems(schema)) == 1


THREE = "string api_version = 1; string kind = 2; Meta metadata = 3;"


def test_what_its_list_does_not_say_of_a_kind_is_as_the_newest_release_has_it(
    tmp_path: Path,
) -> None:
    folder = written(
        tmp_path,
        {
            "a.proto": f'syntax = "proto3"; package p; message Meta {{}}'
            f" message McpServer {{ {THREE} }} message BrandNew {{ {THREE} }}"
        },
    )
    schema = bring(folder)
    assert display("mcp_server", schema) == ("MCP Server", "agentic")
    assert display("brand-new", schema) == ("brand_new", "")
    assert display("agent", schema) is None
    kinds = view(schema).release().kinds
    assert kinds["mcpserver"].id_prefix == "mcp"
    assert kinds["mcpserver"].message is not None
    assert kinds["mcpserver"].message.full_name == "p.McpServer"


def test_a_schema_is_read_again_and_only_a_changed_one_is_another(tmp_path: Path) -> None:
    path = written(tmp_path, {"mine.binpb": descriptor_set("0.0.36")}) / "mine.binpb"
    schema = bring(path)
    assert is_own(schema)
    assert schema in own_schemas()
    first = asked(schema).merged
    assert bring(path) == schema
    assert asked(schema).merged is first
    path.write_bytes(descriptor_set("3.41.0"))
    bring(path)
    assert asked(schema).merged is not first
    path.write_bytes(b"?")
    with pytest.raises(SchemaError):
        bring(path)
    assert schema in own_schemas()


@pytest.mark.parametrize("name", [NEWEST, "auto", "2026-10"])
def test_a_file_that_is_called_like_a_release_is_told_from_it(tmp_path: Path, name: str) -> None:
    schema = bring(written(tmp_path, {name: descriptor_set("0.0.36")}) / name)
    assert schema_name(schema) == f"./{name}"
    assert asked(name).merged is not asked(schema).merged


def test_what_was_not_brought_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        asked(str(tmp_path / "x.whl"))
    assert schema_name(str(tmp_path / "x.whl")) == "x.whl"
    assert own_problems(str(tmp_path / "x.whl")) == ()


def test_a_message_of_thousands_of_fields_is_put_there_in_one_pass(tmp_path: Path) -> None:
    fields = "".join(f"int32 f{number} = {number};" for number in range(1, 15_000))
    folder = written(tmp_path, {"a.proto": 'syntax = "proto3"; message M {' + fields + "}"})
    own = read_own(folder)
    tables = {"releases": [["1", "2026-01-01"]], "kinds": [], "messages": {}, "enums": {}}
    assert append(tables, own, "mine") == []
    assert len(MergedSchema(tables).strict(1).message("M").fields) == 14_999
    assert json.loads(json.dumps(tables)) == tables
    shutil.rmtree(folder)
