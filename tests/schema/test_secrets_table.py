"""The secret rules, which hold in every release, and what can hold a secret."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from inspector import assets
from inspector.schema.catalog import merged_schema, release
from inspector.schema.releases import newest
from inspector.schema.secrets_table import json_name, secret_table
from inspector.schema.types import MessageType, SecretRule
from tests.releases import SOME, kind_info


def test_every_line_of_the_table_names_a_field_and_is_its_rule() -> None:
    with assets.path("secrets.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    assert len(rows) > 25
    merged = merged_schema()
    for row in rows:
        if row["message"].startswith("table "):
            continue
        key = merged.keys[row["message"]]
        rules = set()
        for variants in merged.variants(key).values():
            for variant in variants:
                if variant.name == row["field"]:
                    view = merged.strict(newest(variant.releases))
                    fields = view.message(key).fields.values()
                    rules |= {one.secret for one in fields if one.name == row["field"]}
        (rule,) = rules
        assert rule is not None
        assert row["when"].startswith(rule.value)


def test_a_rule_holds_in_every_release_that_has_the_field() -> None:
    name = "ai.stigmer.agentic.agentexecution.v1.AgentExecutionStatus"
    for release_name in ("2026-01-25", "0.0.36", "3.41.0"):
        fields = release(release_name).messages[name].fields.values()
        secret = [one.name for one in fields if one.secret]
        assert secret == ["callback_token"], release_name


def test_a_migrated_run_keeps_the_rules_of_what_it_was() -> None:
    merged = merged_schema()
    key = merged.keys["ai.stigmer.agentic.run.v1.RunStatus"]
    fields = merged.view(len(merged.names) - 1).message(key).fields.values()
    assert SecretRule.ALWAYS in {one.secret for one in fields if one.name == "callback_token"}


@pytest.mark.parametrize("name", SOME)
def test_no_field_is_secret_that_the_table_does_not_name(name: str) -> None:
    found = {
        (message.full_name, inner.name)
        for message in release(name).messages.values()
        for inner in message.fields.values()
        if inner.secret
    }
    assert found <= secret_table().fields.keys()
    assert ("ai.stigmer.iam.apikey.v1.ApiKeySpec", "key_hash") in found


def test_a_value_beside_the_flag_is_a_secret_when_flagged() -> None:
    newest_one = release("2026-10").messages["ai.stigmer.agentic.vault.v1.EnvVarDeclaration"]
    rules = {one.name: one.secret for one in newest_one.fields.values()}
    assert rules["value"] is SecretRule.IF_FLAGGED
    assert newest_one.has_secrets


def test_headers_are_known_by_what_their_key_holds_in_any_case() -> None:
    table = secret_table()
    words = {"authorization", "cookie", "token", "secret", "key", "password", "auth"}
    assert table.header_words == words
    for key in ("X-API-Key", "Cookie", "Proxy-Authorization", "X-Auth", "My-TOKEN-2"):
        assert table.is_secret_header(key)
    for other in ("X-Trace", "Accept", 7):
        assert not table.is_secret_header(other)


def test_columns_of_plain_tables() -> None:
    assert secret_table().columns == {
        ("connect_link", "token_hash"),
        ("pending_oauth_state", "client_secret"),
        ("pending_oauth_state", "code_verifier"),
        ("pending_oauth_state", "state"),
    }


def test_documents_without_a_schema_go_by_name() -> None:
    documents = secret_table().documents
    assert documents["value"] is SecretRule.IF_FLAGGED
    assert documents["headers"] is SecretRule.HEADER_KEYS
    assert documents["callbackToken"] is SecretRule.ALWAYS
    assert documents["callback_token"] is SecretRule.ALWAYS
    assert "isSecret" not in documents


@pytest.mark.parametrize("name", SOME)
def test_json_names_are_the_ones_protoc_gives(name: str) -> None:
    for message in release(name).messages.values():
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


@pytest.mark.parametrize("name", SOME)
def test_has_secrets_is_said_of_all_that_can_hold_one(name: str) -> None:
    messages = release(name).messages.values()
    assert all(one.has_secrets for one in messages if holds_secret(one, set()))
    merged = merged_schema()
    view = merged.view(merged.number(name))
    for message in messages:
        known = view.message(merged.keys[message.full_name])
        assert known.has_secrets or not holds_secret(known, set())


def test_has_secrets_by_kind() -> None:
    holders = {
        (name, kind): info.message.has_secrets
        for name in SOME
        for kind in ("environment", "session", "skill", "run", "vault", "agent")
        if (info := kind_info(name, kind)) and info.message
    }
    assert holders["2026-01-26", "environment"]
    assert holders["apis-0.1.0.dev0", "session"]
    assert holders["apis-0.1.0.dev0", "vault"]
    assert not any(has for (_, kind), has in holders.items() if kind == "skill")
    assert not release("2026-10").messages["google.protobuf.Struct"].has_secrets


def test_an_unknown_condition_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schema.json").touch()
    (tmp_path / "secrets.tsv").write_text(
        "message\tfield\twhen\na.B\tc\ton Mondays\n", encoding="utf-8"
    )
    monkeypatch.setattr(assets, "root", lambda: tmp_path)
    with pytest.raises(ValueError, match="on Mondays"):
        secret_table.__wrapped__()
