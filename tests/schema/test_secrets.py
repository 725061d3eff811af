"""The secret rules: the union over generations, and what can hold a secret."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from inspector import assets
from inspector.schema.catalog import GENERATIONS, descriptor_set, generation, kind_info
from inspector.schema.kinds import kind_rows
from inspector.schema.load import load
from inspector.schema.secrets_table import json_name, secret_table
from inspector.schema.types import Field, MessageType, SecretRule


def field(name: str, message: str, field_name: str) -> Field:
    fields = generation(name).messages[message].fields.values()
    return next(found for found in fields if found.name == field_name)


def test_every_line_of_the_table_names_a_field_and_is_its_rule() -> None:
    with assets.path("secrets.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    assert len(rows) > 25
    for row in rows:
        if row["generation"] != "table":
            rule = field(row["generation"], row["message"], row["field"]).secret
            assert rule is not None
            assert row["when"].startswith(rule.value)


def test_a_rule_of_one_generation_holds_in_the_others() -> None:
    name = ("ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus", "callback_token")
    rules = {name: SecretRule.ALWAYS}
    for generation_name in ("2026-01-25", "2026-01-26"):
        loaded = load(generation_name, descriptor_set(generation_name), kind_rows(), rules)
        secret = [
            (message.full_name, found.name)
            for message in loaded.messages.values()
            for found in message.fields.values()
            if found.secret
        ]
        assert secret == [name]


@pytest.mark.parametrize("name", GENERATIONS)
def test_no_field_is_secret_that_the_table_does_not_name(name: str) -> None:
    found = {
        (message.full_name, inner.name)
        for message in generation(name).messages.values()
        for inner in message.fields.values()
        if inner.secret
    }
    assert found <= secret_table().fields.keys()
    assert ("ai.stigmer.iam.apikey.v1.ApiKeySpec", "key_hash") in found


def test_october_declares_a_flag_without_a_value() -> None:
    october = generation("2026-10").messages["ai.stigmer.agentic.vault.v1.EnvVarDeclaration"]
    assert "is_secret" in {found.name for found in october.fields.values()}
    assert not october.has_secrets


def test_headers_are_known_by_key_in_any_case() -> None:
    table = secret_table()
    assert table.header_keys == {"authorization", "proxy-authorization", "cookie", "x-api-key"}
    assert table.is_secret_header("X-API-Key")
    assert table.is_secret_header("Cookie")
    assert not table.is_secret_header("X-Trace")
    assert not table.is_secret_header(7)


def test_columns_of_plain_tables() -> None:
    assert secret_table().columns == {
        ("pending_oauth_state", "client_secret"),
        ("pending_oauth_state", "code_verifier"),
    }


def test_documents_without_a_schema_go_by_name() -> None:
    documents = secret_table().documents
    assert documents["value"] is SecretRule.IF_FLAGGED
    assert documents["headers"] is SecretRule.HEADER_KEYS
    assert documents["callbackToken"] is SecretRule.ALWAYS
    assert documents["callback_token"] is SecretRule.ALWAYS
    assert "isSecret" not in documents


@pytest.mark.parametrize("name", GENERATIONS)
def test_json_names_are_the_ones_protoc_gives(name: str) -> None:
    for message in generation(name).messages.values():
        for found in message.fields.values():
            assert json_name(found.name) == found.json_name


def holds_secret(message: MessageType, seen: set[MessageType]) -> bool:
    """The plain definition, to compare with."""
    if message in seen:
        return False
    seen.add(message)
    return any(
        found.secret is not None or (found.message and holds_secret(found.message, seen))
        for found in message.fields.values()
    )


@pytest.mark.parametrize("name", GENERATIONS)
def test_has_secrets_is_said_of_all_that_can_hold_one(name: str) -> None:
    messages = generation(name).messages.values()
    assert [m.has_secrets for m in messages] == [holds_secret(m, set()) for m in messages]


def test_has_secrets_by_kind() -> None:
    holders = {
        (name, kind): info.message.has_secrets
        for name in GENERATIONS
        for kind in ("environment", "session", "skill", "run", "vault", "agent")
        if (info := kind_info(name, kind)) and info.message
    }
    assert holders["2026-01-26", "environment"]
    assert holders["2026-10", "session"]
    assert holders["2026-10", "vault"]
    assert not holders["2026-01-26", "session"]
    assert not holders["2026-10", "skill"]
    assert not generation("2026-10").messages["google.protobuf.Struct"].has_secrets


def test_an_unknown_condition_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kinds.tsv").touch()
    (tmp_path / "secrets.tsv").write_text(
        "generation\tmessage\tfield\twhen\n2026-10\ta.B\tc\ton Mondays\n", encoding="utf-8"
    )
    monkeypatch.setattr(assets, "root", lambda: tmp_path)
    with pytest.raises(ValueError, match="on Mondays"):
        secret_table.__wrapped__()
