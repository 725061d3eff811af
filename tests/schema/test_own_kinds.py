"""Which messages are kinds, and what a schema's own list says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.schema.own import OwnKind, OwnSchema, read_own
from inspector.schema.own_kinds import snake_case
from tests.schema.protos import both, source, written

THREE = "string api_version = 1; string kind = 2; Meta metadata = 3;"
LIST = """
syntax = "proto3"; package list;
import "google/protobuf/descriptor.proto";
enum Group { group_unknown = 0; agentic = 1; }
message KindMeta {
  Group group = 1; string name = 3; string display_name = 4; string id_prefix = 5;
  bool is_versioned = 6; repeated string more = 7;
}
extend google.protobuf.EnumValueOptions { KindMeta kind_meta = 90101; string note = 90102; }
enum ApiResourceKind {
  unknown = 0;
  mcp_server = 44 [(kind_meta) = {
    name: 'McpServer' display_name: "MCP \\"Server\\"" id_prefix: "mcp", group: agentic; more: ["a"]
  }];
  oauth_app = 22 [(list.kind_meta).name = "OAuthApp", (kind_meta).is_versioned = true,
                  (note) = "n", deprecated = true];
  plain = 7;
  elsewhere = 9 [(.list.kind_meta) = { name: "Elsewhere" }];
}
"""
KINDS = f"""
syntax = "proto3"; package k;
message Meta {{}}
message McpServer {{ {THREE} string spec = 4; }}
message OAuthApp {{ {THREE} }}
message Plain {{ {THREE} }}
message NotListed {{ {THREE} }}
message Almost {{ string api_version = 1; string kind = 2; Meta meta = 3; }}
message Shifted {{ string id = 1; string api_version = 2; string kind = 3; Meta metadata = 4; }}
"""


def test_kinds_are_found_and_described_alike_in_source_and_descriptors(tmp_path: Path) -> None:
    folder = written(tmp_path / "protos", {"list.proto": LIST, "k.proto": KINDS})
    ours, theirs = both(folder, tmp_path)
    assert ours.kinds == theirs.kinds
    assert ours.problems == theirs.problems == ()
    assert ours.kinds == {
        "mcp_server": OwnKind(
            "mcp_server", "k.McpServer", 44, 'MCP "Server"', "mcp", "agentic", False
        ),
        "oauth_app": OwnKind("oauth_app", "k.OAuthApp", 22, None, None, None, True),
        "plain": OwnKind("plain", "k.Plain", 7),
        "not_listed": OwnKind("not_listed", "k.NotListed"),
    }


def test_a_kind_whose_metadata_is_declared_elsewhere_is_one(tmp_path: Path) -> None:
    """As in a descriptor set of some files without what they import."""
    text = """syntax = "proto3"; package k; import "meta.proto";
        message Agent {
            string api_version = 1; string kind = 2; meta.Metadata metadata = 3; Spec spec = 4;
        }
        message Spec { string api_version = 1; string kind = 2; }
        message List { string api_version = 1; string kind = 2; repeated Spec spec = 3; }"""
    schema = source(tmp_path, text)
    assert schema.kinds == {"agent": OwnKind("agent", "k.Agent")}
    assert [field.number for field in schema.types.messages["k.Agent"]] == [1, 2, 4]


def test_without_a_list_the_name_of_the_message_decides(tmp_path: Path) -> None:
    schema = source(tmp_path, KINDS)
    assert list(schema.kinds) == ["mcp_server", "o_auth_app", "plain", "not_listed"]
    assert schema.problems == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Agent", "agent"),
        ("McpServer", "mcp_server"),
        ("IamPolicy", "iam_policy"),
        ("HTTPServer2Go", "http_server2_go"),
        ("A", "a"),
    ],
)
def test_a_kind_is_the_message_in_snake_case(name: str, kind: str) -> None:
    assert snake_case(name) == kind


def read(folder: Path, **files: str) -> OwnSchema:
    return read_own(written(folder, {f"{name}.proto": text for name, text in files.items()}))


def test_a_list_without_options_still_tells_numbers(tmp_path: Path) -> None:
    plain = 'syntax = "proto3"; enum ApiResourceKind { none = 0; mcpserver = 4; }'
    schema = read(tmp_path, list=plain, k=KINDS)
    assert schema.kinds["mcpserver"] == OwnKind("mcpserver", "k.McpServer", 4)
    assert schema.problems == (
        "ApiResourceKind has no option kind_meta, so it tells numbers alone.",
    )


def test_of_two_lists_none_is_believed(tmp_path: Path) -> None:
    other = 'syntax = "proto3"; package other; enum ApiResourceKind { mcp_server = 0; }'
    schema = read(tmp_path, list=LIST, other=other, k=KINDS)
    assert schema.kinds["mcp_server"].number is None
    assert schema.problems == ("There are 2 enums ApiResourceKind, so none is asked about kinds.",)


def test_a_kind_that_could_be_two_messages_is_neither(tmp_path: Path) -> None:
    schema = read(tmp_path, k=KINDS, l=KINDS.replace("package k", "package l"))
    assert schema.kinds == {}
    assert schema.problems[0] == (
        "The kind mcp_server could be k.McpServer and l.McpServer, so it is neither."
    )


def test_the_option_that_the_list_sees_is_the_one(tmp_path: Path) -> None:
    """Another package may have an option of that name."""
    other = """
        syntax = "proto3"; package other; import "google/protobuf/descriptor.proto";
        message X { string name = 1; }
        extend google.protobuf.EnumValueOptions { X kind_meta = 90200; }
    """
    schema = read(tmp_path, list=LIST, other=other, k=KINDS)
    assert schema.kinds["mcp_server"].number == 44
    assert schema.problems == ()


@pytest.mark.parametrize("value", ["{ name: 3 }", "{ colour: 'red' }", "{ name: }", "3", "'x'"])
def test_an_option_that_does_not_fit_is_said(tmp_path: Path, value: str) -> None:
    text = LIST.replace('{ name: "Elsewhere" }', value)
    assert text != LIST
    schema = read(tmp_path, list=text, k=KINDS)
    assert schema.kinds["mcp_server"].number == 44
    assert schema.problems == ("The option of elsewhere in list.ApiResourceKind is damaged.",)


def test_a_list_of_another_shape_says_nothing(tmp_path: Path) -> None:
    """Fields of these names, and of other types."""
    text = LIST.replace("string display_name = 4", "repeated string display_name = 4")
    text = text.replace("bool is_versioned", "string is_versioned").replace(
        "versioned = true", 'versioned = "yes"'
    )
    schema = read(tmp_path, list=text, k=KINDS)
    assert schema.kinds["mcp_server"].display_name is None
    assert schema.kinds["oauth_app"].versioned is None
    assert schema.kinds["mcp_server"].id_prefix == "mcp"
