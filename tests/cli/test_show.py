from __future__ import annotations

import json
import sqlite3
from base64 import b64decode, b64encode
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders.demo import wire
from tests.builders.layouts import RESOURCES_JSON, Arc, Rec, create
from tests.cli.calls import call, document, failed
from tests.cli.made import bare, blobs, v2
from tests.releases import NEWEST

ENVELOPE = [
    "kind", "id", "updatedAt", "version", "schema", "message", "unknownFields", "problems",
]  # fmt: skip
FUTURE = ("agent", "from-a-later-build")


def test_an_envelope_keeps_what_json_leaves_out() -> None:
    answer = call("show", *FUTURE, "--envelope", "--reveal-secrets", "--demo")
    envelope = answer.json
    assert answer.out == document(envelope)
    assert list(envelope) == ENVELOPE
    assert (envelope["kind"], envelope["version"], envelope["schema"]) == (
        "agent", None, "2026-01-26",
    )  # fmt: skip
    assert envelope["message"] == call("show", *FUTURE, "--demo").json
    assert [
        (one["path"], one["number"], one["wireType"], one["length"], b64decode(one["data"]))
        for one in envelope["unknownFields"]
    ] == [
        ("metadata.<17>", 17, 2, 34, b"demo-secret-in-an-unknown-field"),
        ("status.<17>", 17, 1, 10, wire.double(17, 0.25)[2:]),
        ("status.<18>", 18, 5, 6, b"\x07\0\0\0"),
        ("<17>", 17, 2, 36, wire.text(1, "a later setting") + wire.integer(2, -1)
            + wire.text(17, b"\x00\xff")),
        ("<17>[1]", 17, 0, 4, wire.integer(17, 300)[2:]),
        ("<17>[2]", 17, 2, 36, wire.text(1, "a later setting") + wire.integer(2, -1)
            + wire.text(17, b"\x00\xff")),
        ("<19>", 19, 3, 6, wire.integer(1, 5)),
    ]  # fmt: skip
    assert {one["code"] for one in envelope["problems"]} == {"unknown-field"}
    assert [list(one) for one in envelope["problems"]] == 7 * [
        ["code", "path", "offset", "message"]
    ]


def test_raw_bytes_are_null_until_secrets_are_asked_for() -> None:
    shown = call("show", *FUTURE, "--envelope", "--demo")
    revealed = call("show", *FUTURE, "--envelope", "--reveal-secrets", "--demo").json
    for one in revealed["unknownFields"]:
        one["data"] = None
    assert shown.json == revealed
    assert shown.notes == ["note: 7 raw payloads are covered; --reveal-secrets shows them"]


def test_what_is_left_out_is_said() -> None:
    notes = call("show", *FUTURE, "--demo").notes
    assert notes[0] == (
        "note: left out: 7 unknown fields (metadata.<17>, status.<17>, status.<18>, <17>,"
        " <17>[1], <17>[2], <19>); --envelope keeps them"
    )
    (misfit,) = call("show", "session", "subject-is-a-number", "--demo").notes
    assert misfit == "note: left out: 1 unknown field (spec.<2>); --envelope keeps them"


def test_text_that_is_no_utf_8_is_said() -> None:
    answer = call("show", "environment", "saved-as-latin-1", "--demo")
    assert "\N{REPLACEMENT CHARACTER}" in answer.json["spec"]["description"]
    assert any("U+FFFD: 2 texts (spec.description" in note for note in answer.notes)


def test_a_time_that_is_none_is_said() -> None:
    answer = call("show", "api_key", "expires-in-the-year-20000", "--demo")
    assert answer.json["spec"]["expiresAt"] == {"seconds": "568971820800", "nanos": 0}
    assert any("1 time (spec.expires_at)" in note for note in answer.notes)


def test_an_unknown_kind_is_given_by_numbers(tmp_path: Path) -> None:
    blob = wire.text(1, "a text") + wire.integer(7, 5)
    path = v2(tmp_path, Rec("widget", "w", blob))
    envelope = call("show", "w", "--envelope", "--db", path).json
    assert list(envelope) == [*ENVELOPE, "data"]
    assert (envelope["schema"], envelope["message"], envelope["data"]) == (None, None, None)
    assert [one["path"] for one in envelope["unknownFields"]] == ["<1>", "<7>"]
    revealed = call("show", "w", "--envelope", "--reveal-secrets", "--db", path).json
    assert revealed["data"] == b64encode(blob).decode()
    tree = call("show", "w", "--tree", "--db", path)
    assert b"<1>: 6 bytes" in tree.out and b"<7>: 1 byte " in tree.out
    assert b"a text" not in tree.out and b"a text".hex().encode() not in tree.out
    assert tree.notes == ["note: 2 raw payloads are covered; --reveal-secrets shows them"]
    shown = call("show", "w", "--tree", "--reveal-secrets", "--db", path)
    assert b"a text".hex().encode() in shown.out


def test_sealed_values_say_so_in_the_tree_and_stay_as_they_are_in_json(tmp_path: Path) -> None:
    sealed = "enc:v1:" + b64encode(bytes(44)).decode()
    value = wire.text(1, sealed) + wire.integer(2, 1)
    spec = wire.text(1, sealed) + wire.text(2, wire.text(1, "TOKEN") + wire.text(2, value))
    path = v2(tmp_path, Rec("environment", "e", wire.text(4, spec)))
    tree = call("show", "e", "--tree", "--db", path)
    lines = [line.strip() for line in tree.out.decode().splitlines()]
    words = "Sealed (enc:v1, 44 bytes)"
    assert any(line.startswith(f'description: "{sealed}" {words}') for line in lines)
    assert any(line.startswith(f"value: [covered] {words}") for line in lines)
    assert tree.out.decode().count(sealed) == 1
    plain = call("show", "e", "--tree", "--reveal-secrets", "--db", path).out.decode()
    assert plain.count(f'"{sealed}" {words}') == 2
    spec_of = call("show", "e", "--db", path).json["spec"]
    assert (spec_of["description"], spec_of["data"]["TOKEN"]["value"]) == (sealed, "[covered]")
    revealed = call("show", "e", "--reveal-secrets", "--db", path).json["spec"]
    assert revealed["data"]["TOKEN"]["value"] == sealed


def test_a_forced_schema_is_never_another() -> None:
    execution = call("list", "workflow_execution", "--json", "--demo").json[0]["id"]
    for arguments in (("show", execution), ("export", "workflow_execution", execution)):
        assert NEWEST in failed(call(*arguments, "--schema", "2026-10", "--demo"), 5)
    envelope = call("show", execution, "--envelope", "--schema", "2026-10", "--demo").json
    assert envelope["schema"] is None
    assert envelope["message"] is None
    assert [one["code"] for one in envelope["problems"]] == ["unknown-kind"]


def test_another_schema_uncovers_nothing() -> None:
    for schema in ("2026-01-25", "2026-01-26", "2026-10"):
        for command in (("dump",), ("export",), ("export", "--envelope", "--history")):
            answer = call(*command, "--schema", schema, "--demo")
            assert b"demo-secret" not in answer.out
            assert "demo-secret" not in answer.err
        answer = call("check", "--json", "--schema", schema, "--demo")
        assert b"demo-secret" not in answer.out


@pytest.mark.parametrize("form", [(), ("--envelope",), ("--tree",)], ids=str)
def test_no_form_shows_a_secret(form: tuple[str, ...]) -> None:
    uncovered = []
    for kind in ("environment", "vault", "api_key", "invitation", "channel_app", "agent"):
        for line in call("list", kind, "--json", "--demo").json:
            covered = call("show", kind, line["id"], *form, "--demo")
            assert b"demo-secret" not in covered.out
            assert "demo-secret" not in covered.err
            shown = call("show", kind, line["id"], *form, "--reveal-secrets", "--demo")
            if b"demo-secret" in shown.out:
                uncovered.append(line["id"])
                assert any("covered" in note for note in covered.notes)
    assert len(uncovered) > 5


def test_ten_thousand_levels(tmp_path: Path) -> None:
    levels = 10_000
    output = wire.nested_struct(levels, "level", wire.text(3, "the bottom"))
    blob = wire.text(5, wire.text(3, output))
    path = v2(tmp_path, Rec("workflow_execution", "deep", blob))
    text = call("export", "workflow_execution", "--db", path).out
    assert text.count(b"{") == text.count(b"}") == levels + 2
    assert b'"the bottom"' in text
    assert text in call("dump", "--db", path).out.replace(b"}}]}\n", b"}\n")
    assert call("show", "deep", "--tree", "--db", path).out.count(b"\n") > levels
    assert call("check", "--json", "--db", path).json["decoded"] == 1
    assert len(call("list", "workflow_execution", "--json", "--db", path).json) == 1


def test_an_id_is_found_before_a_slug_and_alone_where_one_kind_has_it(tmp_path: Path) -> None:
    agent, session = blobs("agent")[0], blobs("session")[0]
    slug = json.loads(
        call("show", "a", "--db", v2(tmp_path, Rec("agent", "a", agent))).out
    )["metadata"]["slug"]  # fmt: skip
    (tmp_path / "stigmer.db").unlink()
    path = v2(
        tmp_path,
        Rec("agent", "one", agent),
        Rec("agent", slug, b""),
        Rec("session", "one", session),
        Rec("session", "other", session),
    )
    assert call("show", "agent", slug, "--db", path).json == {}
    assert call("show", slug, "--db", path).json == {}
    assert "agent/one, session/one" in failed(call("show", "one", "--db", path), 2)
    assert call("show", "AGENT", "one", "--db", path).code == 0
    assert call("show", "other", "--db", path).code == 0


def test_a_slug_of_several_records_is_ambiguous(tmp_path: Path) -> None:
    agent = blobs("agent")[0]
    path = v2(tmp_path, *(Rec("agent", f"a{number}", agent) for number in range(12)))
    slug = call("show", "a1", "--db", path).json["metadata"]["slug"]
    for arguments in (("show", "agent", slug), ("show", slug), ("history", "agent", slug)):
        assert "agent/a0, agent/a1" in failed(call(*arguments, "--db", path), 2)


@pytest.mark.parametrize(
    "id_", ["a/b", 'a"b', "a'b", "a b", "-a", "--after", "a\n\x1b[1m", "bad\udcff\udcfe", "é"]
)
def test_ids_of_any_bytes(id_: str, tmp_path: Path) -> None:
    stored = id_.encode("utf-8", "surrogateescape")
    path = v2(tmp_path, Rec("agent", stored, blobs("agent")[0]))
    assert call("show", "--db", path, "--", "agent", id_).code == 0
    assert call("history", "--db", path, "--json", "--", id_).json == []
    envelope = call("show", "--envelope", "--db", path, "--", id_).json
    assert envelope["id"] == id_.encode("utf-8", "surrogateescape").decode(errors="replace")


def test_a_record_that_is_gone_says_what_is_left(tmp_path: Path) -> None:
    first, second = blobs("skill", "resource_audit")[:2]
    path = v2(tmp_path, Arc("skill", "gone", first), Arc("skill", "gone", second))
    slug = call("show", "gone", "--version", "audit:1", "--db", path).json["metadata"]["slug"]
    for names in (("skill", "gone"), ("gone",), ("skill", slug), (slug,)):
        sentence = failed(call("show", *names, "--db", path), 4)
        assert "2 versions" in sentence and "audit:2" in sentence
        assert len(call("history", *names, "--json", "--db", path).json) == 2
    newest = call("show", "gone", "--version", "audit:2", "--db", path)
    assert call("show", "gone", "--version", "previous", "--db", path).out == newest.out


def test_options_may_stand_between_names() -> None:
    wanted = call("show", "agent", "support-triage", "--demo")
    assert call("show", "agent", "--demo", "support-triage", "--json") == wanted
    assert call("show", "--demo", "agent", "--", "support-triage") == wanted


def test_what_stands_behind_two_hyphens_is_named_as_it_was_typed() -> None:
    answer = call("list", "agent", "--", "-x", "--demo")
    assert "Unrecognized arguments: -x --demo. " in failed(answer, 2)


def test_a_rowid_table_without_anything_is_as_good(tmp_path: Path) -> None:
    agent = blobs("agent")[0]
    records = [Rec("agent", f"a{number}", agent) for number in range(3)]
    plain = call("dump", "--db", v2(tmp_path, *records)).out
    assert call("dump", "--db", bare(tmp_path, *reversed(records))).out == plain


def test_the_tree_folds_what_repeats(tmp_path: Path) -> None:
    groups = wire.group(990, b"") * 2500 + wire.integer(991, 1)
    answer = call(
        *("show", "skill", "s", "--tree"),
        *("--db", v2(tmp_path, Rec("skill", "s", blobs("skill")[0] + groups))),
    )
    lines = answer.out.decode().splitlines()
    assert sum(line.startswith("<990>") for line in lines) == 1000
    (more,) = [line for line in lines if line.startswith("\u2026")]
    size = len(wire.group(990, b""))
    start = len(blobs("skill")[0]) + 1000 * size
    assert more == f"\u2026 1,500 more of <990>  (bytes {start} to {start + 1500 * size})"
    assert any(line.startswith("<991>") for line in lines)


def test_an_id_that_is_no_text_is_taken_as_it_is_shown(tmp_path: Path) -> None:
    r"""``a\xff`` may be an id of two bytes or of five; where both are there, neither is guessed."""
    path = v2(tmp_path, Rec("agent", "two"), Rec("agent", r"b\xfe"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE resources SET id = CAST(x'61ff' AS TEXT) WHERE id = 'two'")
        connection.execute(
            "INSERT INTO resources SELECT kind, CAST(x'62fe' AS TEXT), data, ''"
            " FROM resources LIMIT 1"
        )
    assert call("show", "agent", r"a\xff", "--envelope", "--db", path).code == 0
    assert call("history", "agent", r"a\xff", "--db", path).code == 0
    said = failed(call("show", "agent", r"b\xfe", "--db", path), 2)
    assert "matches several records" in said
    assert call("show", "agent", r"b\\xfe", "--envelope", "--db", path).json["id"] == r"b\xfe"
    failed(call("show", "agent", r"a\xfe", "--db", path), 4)


def test_an_id_is_taken_as_the_list_shows_it(tmp_path: Path) -> None:
    ids = (b"a\0b", b"a\nb", b"a\xffb", b"plain")
    path = v2(tmp_path, *(Rec("agent", one, b"") for one in ids))
    lines = call("list", "agent", "--db", path).out.decode().splitlines()[1:]
    shown = [line.split()[0] for line in lines]
    assert shown == ["a\\x00b", "a\\x0ab", "a\\xffb", "plain"]
    for text, own in zip(shown, ids, strict=True):
        answer = call("show", "agent", text, "--envelope", "--db", path)
        assert answer.json["id"] == own.decode(errors="replace")


def test_a_kind_of_great_length_does_not_fill_the_sentence(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("k" * 100_000, "a", b""), Rec("agent", "a", b""))
    sentence = failed(call("show", "nothing", "a", "--db", path), 4)
    assert "It has agent, kkk" in sentence
    assert len(sentence) < 500


@pytest.mark.parametrize("command", [("show",), ("export",), ("dump", "--filter")], ids=str)
def test_what_a_key_that_stands_twice_leaves_out_is_said(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    text = '{"spec": {"a": 1, "a": {"b": 2}}, "list": [{"x": 3, "x": 4}]}'
    path = create(tmp_path / "stigmer.db", RESOURCES_JSON, records=[Rec("Agent", "twice", text)])
    arguments = ("Agent",) if command[0] == "dump" else ("Agent", "twice")
    answer = call(*command, *arguments, "--db", path)
    assert answer.code == 0
    [note] = [one for one in answer.notes if "left out" in one]
    assert "2 values (list[0].x, spec.a)" in note
    checked = call("check", "--json", "--db", path).json
    told = [(one["severity"], one["code"], one["path"]) for one in checked["problems"]]
    assert told == [
        ("warning", "duplicate-key", "list[0].x"),
        ("warning", "duplicate-key", "spec.a"),
    ]
    assert "bytes 10\N{EN DASH}15" in checked["problems"][1]["message"]
