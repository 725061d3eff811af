"""Single values of a tree by name."""

from __future__ import annotations

import json
from collections.abc import Mapping

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.node import Tree
from inspector.decode.record_summary import NOTHING, child, find, summary, text, version_names
from tests.builders.demo import wire
from tests.builders.demo.core import SECOND, encode
from tests.decode.readings import read_kind
from tests.decode.types import EVERYTHING, MADE, type_of

EXECUTION = "ai.stigmer.agentic.agentexecution.v1.AgentExecution"
METADATA = {"name": "Nightly run", "org": "acme", "slug": "nightly-run"}


def execution(status: dict[str, object]) -> Tree:
    data = encode(SECOND, EXECUTION, {"metadata": METADATA, "status": status})
    return read_kind(data, "agent_execution", 2).tree


def document(status: Mapping[str, object]) -> Tree:
    return read_document(json.dumps({"metadata": METADATA, "status": status}).encode())


def test_a_summary_is_the_same_of_a_message_and_a_document() -> None:
    status: dict[str, object] = {"phase": "EXECUTION_COMPLETED"}
    expected = ("Nightly run", "EXECUTION_COMPLETED", "acme", "nightly-run")
    assert summary(execution(status), "agent_execution") == expected
    assert summary(document(status), "AgentExecution") == expected


def test_what_is_unset_is_none() -> None:
    assert summary(execution({}), "agent_execution").state is None
    assert summary(document({}), "AgentExecution").state is None
    empty = decode(b"", type_of(SECOND, EXECUTION))
    assert summary(empty, "agent_execution") == NOTHING
    assert summary(read_document(b"[]"), "agent") == NOTHING
    assert summary(decode(b"\x0a\x01x", None), "nobody") == NOTHING


def test_a_state_without_a_name_is_its_number() -> None:
    data = encode(SECOND, EXECUTION, {"status": {"phase": 77}})
    assert summary(read_kind(data, "agent_execution", 2).tree, "agent_execution").state == "77"


def test_the_state_of_a_workflow_lies_deeper() -> None:
    value = {"status": {"serverlessWorkflowValidation": {"state": "VALID"}}}
    data = encode(SECOND, "ai.stigmer.agentic.workflow.v1.Workflow", value)
    assert summary(read_kind(data, "workflow", 2).tree, "workflow").state == "VALID"
    assert summary(document(value["status"]), "Workflow").state == "VALID"


def test_the_names_of_a_version() -> None:
    value = {"spec": {"tag": "stable"}, "status": {"versionHash": "ab" * 32}}
    data = encode(SECOND, "ai.stigmer.agentic.skill.v1.Skill", value)
    assert version_names(read_kind(data, "skill", 2).tree) == ("ab" * 32, "stable")
    assert version_names(decode(b"", None)) == (None, None)


def test_finding_by_name() -> None:
    inner = wire.text(9, "inside") + wire.text(
        601, wire.struct_entry("a_string", wire.text(3, "s"))
    )
    tree = decode(
        wire.text(9, "lost") + wire.text(9, "outside") + wire.text(17, inner),
        type_of(MADE, EVERYTHING),
    )
    assert text(tree.root, "a_string") == "outside"
    assert text(tree.root, "a_message", "a_string") == "inside"
    assert text(tree.root, "a_message", "known601", "a_string") == "s"
    assert text(tree.root, "a_message") is None
    assert find(tree.root, []) is tree.root
    assert find(tree.root, ["nothing", "a_string"]) is None
    assert child(tree.root, "a_bytes") is None
