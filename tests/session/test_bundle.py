"""A bundle: the records asked for, what they name, their past, and no byte of a secret."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from inspector.decode.json_writer import write
from inspector.decode.redaction import filler
from inspector.errors import CancelledError, UsageError
from inspector.schema.secrets_table import secret_table
from inspector.session import bundle
from inspector.session.bundle import BundleRequest, BundleResult, save_bundle, write_bundle
from inspector.session.event_pages import events_of, every_event
from inspector.session.record_links import links
from inspector.session.record_lookup import resolve
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from inspector.session.walking import archived, every_record
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.demo.core import SECRET
from tests.builders.demo.reading import any_depth, parsed, query, rows
from tests.builders.layouts import Arc, Rec
from tests.builders.writer import Writer
from tests.test_demo_secrets import texts_of

Key = tuple[str, str]


@cache
def secrets_of_demo() -> frozenset[bytes]:
    """Every secret of the demo store, found by google.protobuf and the table of secrets."""
    found: set[str] = set()
    with any_depth():
        for row in rows:
            if row.release is not None:
                found |= {text for _, text, secret in texts_of(parsed(row)) if secret}
    for table, column in secret_table().columns:
        found |= {str(value) for (value,) in query(f"SELECT {column} FROM {table}")}
    return frozenset(text.encode() for text in found)


def as_written(secret: bytes) -> Iterator[bytes]:
    """A secret as encoders write it: the letters of each that no neighbour has a part in."""
    text = secret.decode()
    for raw in (secret, text.encode("utf-16-le"), text.encode("utf-16-be")):
        yield raw
    for raw in (secret, text.encode("utf-16-le")):
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        yield base64.b64encode(raw)[: len(raw) * 8 // 6]
        yield base64.b64encode(b"?" + raw)[2 : (1 + len(raw)) * 8 // 6]
        yield base64.b64encode(b"??" + raw)[3 : (2 + len(raw)) * 8 // 6]
    yield json.dumps(text)[1:-1].encode()
    yield quote(text, safe="").encode()


def leaks(content: bytes, secrets: Iterable[bytes]) -> list[bytes]:
    """What stands in the bytes of a file of any secret of four bytes or more, written anyhow."""
    return [one for secret in secrets for one in as_written(secret) if one in content]


def all_keys(session: Session) -> list[Key]:
    kinds = [one.kind for one in session.kinds()]
    keys = [(kind, row.id) for kind in kinds for row in session.rows(kind)]
    return keys + [(kind, id_) for kind in kinds for id_ in session.gone_ids(kind)]


def query_of(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def json_of(session: Session, kind: str, id_: str) -> str:
    tree = session.record(kind, id_).tree
    assert tree is not None
    return write(tree.root)


def values_of(path: Path) -> bytes:
    """All values of all tables of a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return b"\0".join(
            value if isinstance(value, bytes) else str(value).encode()
            for (name,) in tables.fetchall()
            for row in connection.execute(f'SELECT * FROM "{name.decode()}"')
            for value in row
        )


@cache
def words_of_columns() -> tuple[str, ...]:
    """Texts of the demo's tables whose columns are named for a secret, some of which are none."""
    found = set()
    for (table,) in query("SELECT name FROM sqlite_schema WHERE type = 'table'"):
        if table not in {"resources", "resource_audit"}:
            for _, column, *_ in query(f"PRAGMA table_info({table})"):
                if re.search("secret|token|passw|verifier", str(column)):
                    found |= {value for (value,) in query(f"SELECT {column} FROM {table}")}
    return tuple(sorted((one for one in found if isinstance(one, str)), key=len, reverse=True))


def without_words(text: str) -> str:
    """A text as a bundle has it."""
    for word in words_of_columns():
        text = text.replace(word, filler(len(word)).decode()) if len(word) > 3 else text
    return text


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BundleResult]:
    """All of the demo store in one bundle."""
    path = tmp_path_factory.mktemp("bundle") / "all.sqlite"
    with closing(Session.demo()) as session:
        return path, save_bundle(session, BundleRequest(all_keys(session)), path)


def test_no_byte_of_any_secret_is_in_it(whole: tuple[Path, BundleResult]) -> None:
    """The file as it lies there, not what can be asked of it."""
    content = whole[0].read_bytes()
    secrets = secrets_of_demo()
    assert len(secrets) > 60
    assert [one for one in secrets if one in content] == []
    for one in (content, values_of(whole[0])):
        assert leaks(one, (secret for secret in secrets if len(secret) >= 4)) == []
    for form in (SECRET.encode(), SECRET.encode().hex().encode()):
        assert form not in content
    sealed = [one for one in secrets if SECRET.encode() not in one]
    assert sealed, "a sealed value is one too"
    assert whole[1].in_names == 0
    source = Path(Session.demo().store.real_path).read_bytes()
    assert [one for one in secrets if one not in source] == [], "they are found where they are"


def test_it_is_a_store_with_the_same_records(whole: tuple[Path, BundleResult]) -> None:
    path, found = whole
    assert query_of(path, "PRAGMA integrity_check") == [("ok",)]
    with closing(Session.open(path)) as made, closing(Session.demo()) as demo:
        assert made.facts().layout == demo.facts().layout
        assert made.facts().layouts == demo.facts().layouts
        kinds = [one.kind for one in demo.kinds()]
        assert made.kinds() == demo.kinds()
        pairs = zip(
            every_record(made, kinds, history=True),
            every_record(demo, kinds, history=True),
            strict=True,
        )
        for one, other in pairs:
            assert one.tree is not None and other.tree is not None
            assert (one.kind, one.id, one.version, one.updated_at, one.size) == (
                *(other.kind, other.id, other.version, other.updated_at, other.size),
            )
            assert one.tree.malformed == other.tree.malformed
            if not one.tree.malformed:
                text = without_words(write(other.tree.root, other.covered))
                assert write(one.tree.root, one.covered) == text
        assert found.records == len(all_keys(demo))
        assert found.versions == sum(one.versions for one in demo.kinds())
        _same_events(made, demo)


def _same_events(made: Session, demo: Session) -> None:
    count = 0
    for kind, id_ in all_keys(demo):
        of = events_of(kind, id_)
        if of is not None:
            both = [list(every_event(session, of)) for session in (made, demo)]
            said = [without_words(one.said) for one in both[1]]
            assert [one.said for one in both[0]] == said
            assert [one.row.number for one in both[0]] == [one.row.number for one in both[1]]
            count += len(both[0])
    assert count > 10


def test_the_readme_and_the_messages_are_in_it(whole: tuple[Path, BundleResult]) -> None:
    path, found = whole
    text = " ".join(line for (line,) in query_of(path, "SELECT text FROM README ORDER BY line"))
    assert f"{found.records:,} records" in text
    assert f"{found.secrets:,} secrets of the whole store" in text
    schemas = dict(query_of(path, "SELECT name, descriptor_set FROM bundle_schemas"))
    assert {"2026-01-25", "apis-0.1.0.dev0"} <= schemas.keys()
    for data in schemas.values():
        assert any(file.message_type for file in FileDescriptorSet.FromString(data).file)


def test_what_is_named_comes_with_it_step_by_step(tmp_path: Path) -> None:
    with closing(Session.demo()) as session:
        key = resolve(session, "workflow_execution", "passage-1003")
        taken: list[set[Key]] = []
        for steps in (0, 1, 2, 9):
            path = tmp_path / f"{steps}.sqlite"
            found = save_bundle(session, BundleRequest([key], steps), path)
            taken.append(set(query_of(path, "SELECT kind, id FROM bundle_records")))
            assert (found.records, found.referred) == (len(taken[-1]), len(taken[-1]) - 1)
            assert (f"({found.referred} that others refer to), " in found.counts) is (steps > 0)
            assert set(query_of(path, "SELECT kind, id FROM resources")) <= taken[-1]
        assert taken[0] == {key}
        named = {
            (one.target.kind, one.target.id)
            for one in links(session, session.record(*key))
            if one.target is not None
        }
        assert named
        assert taken[1] == {key, *named}
        assert taken[1] <= taken[2] <= taken[3]
        [(why,)] = query_of(tmp_path / "0.sqlite", "SELECT why FROM bundle_records")
        assert why == "chosen"


def test_so_many_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST", 2)
    with closing(Session.demo()) as session:
        key = resolve(session, "workflow_execution", "passage-1003")
        found = save_bundle(session, BundleRequest([key], 9), tmp_path / "b.sqlite")
    assert found.records == 2
    assert "more records are referred to" in found.left_out[0]
    assert found.left_out[0] in query_of(tmp_path / "b.sqlite", "SELECT text FROM README")[-1]


def environment(value: str) -> bytes:
    entry = wire.text(1, "TOKEN") + wire.text(2, wire.text(1, value) + wire.integer(2, 1))
    return wire.text(2, "Environment") + wire.text(4, wire.text(2, entry))


def test_a_secret_of_another_record_is_found_wherever_it_stands(tmp_path: Path) -> None:
    """In a text, an id, an unknown field, an unknown kind, a broken blob, a hash and a version."""
    secret = "hunter-two-7"
    coded = base64.b64encode(f"u:{secret}".encode())
    name = wire.text(2, "Agent") + wire.text(3, wire.text(1, f"it is {secret}!"))
    blobs = [
        name,
        wire.text(2, "Agent") + wire.text(60, f"q{secret}") + wire.text(3, wire.text(1, coded)),
        b"\x1a\x7f" + secret.encode(),
    ]
    ids = ["a1", f"a-{secret}", "a3"]
    path = layouts.v2(
        tmp_path / "s.db",
        [
            Rec("environment", "e", environment(secret)),
            *(Rec("agent", id_, blob) for id_, blob in zip(ids, blobs, strict=True)),
            Rec("plumbing", "p", wire.text(1, secret)),
        ],
        [Arc("agent", "a1", name, "2026-01-25 20:38:38", f"h{secret}", f"tag-{secret}")],
    )
    assert secret.encode() in path.read_bytes()
    with closing(Session.open(path)) as session:
        keys = [*(("agent", id_) for id_ in ids), ("plumbing", "p")]
        found = save_bundle(session, BundleRequest(keys), tmp_path / "b.sqlite")
        assert (found.records, found.secrets) == (4, 1)
    content = (tmp_path / "b.sqlite").read_bytes()
    assert secret.encode() not in content
    assert coded[4:-2] not in content
    with closing(Session.open(tmp_path / "b.sqlite")) as made:
        assert [len(row.data or b"") for row in made.rows("agent")] == [
            len(blob) for _, blob in sorted(zip(ids, blobs, strict=True))
        ]
        [version] = archived(made, "agent", "a1")
        assert version.tree is not None
        assert not version.tree.malformed
        assert write(version.tree.root, indent=None).startswith('{"kind":"Agent","metadata":')
        assert "it is " in write(version.tree.root)


def test_no_page_of_the_file_has_a_secret_in_any_writing(tmp_path: Path) -> None:
    """All bytes of it, free pages and what lies between cells too; the store's own have them."""
    secrets = [b"hunter-two-7", b"four", "schlüssel <&> 'x'".encode(), b'd/+=%"\\e' * 5]
    blobs = []
    for secret in secrets:
        for form in as_written(secret):
            for field in (
                wire.text(3, wire.text(1, b"<" + form + b">")),  # a name
                wire.text(60, form),  # a field that no schema has
                wire.text(3, wire.text(60, wire.text(1, b"..." + form))),
                wire.text(4, form),  # where a message is expected
                b"\x1a\x7f" + form,  # broken off
            ):
                blobs.append(wire.text(2, "Agent") + field)
    path = layouts.v2(
        tmp_path / "s.db",
        [
            *(
                Rec("environment", f"e{n}", environment(one.decode()))
                for n, one in enumerate(secrets)
            ),
            *(Rec("agent", f"a{n:04}", blob) for n, blob in enumerate(blobs)),
            *(Rec(f"kind of {one.decode()}", one.decode(), one) for one in secrets),
        ],
        [Arc("agent", "a0000", blob) for blob in blobs[::9]],
    )
    with closing(sqlite3.connect(path)) as daemon, daemon:
        # What is deleted stays in pages of the store that are free.
        daemon.execute("INSERT INTO resources SELECT kind, 'x' || id, data, '' FROM resources")
        daemon.commit()
        daemon.execute("DELETE FROM resources WHERE id LIKE 'x%'")
    assert query_of(path, "PRAGMA freelist_count") > [(0,)]
    assert set(leaks(path.read_bytes(), secrets)) == {
        one for secret in secrets for one in as_written(secret)
    }
    with closing(Session.open(path)) as session:
        keys = all_keys(session)
        save_bundle(session, BundleRequest(keys), tmp_path / "b.sqlite")
        assert len(keys) > 300
    assert leaks((tmp_path / "b.sqlite").read_bytes(), secrets) == []
    # A value may go on in another page, and a secret with it.
    assert leaks(values_of(tmp_path / "b.sqlite"), secrets) == []
    assert query_of(tmp_path / "b.sqlite", "PRAGMA freelist_count") == [(0,)]
    with closing(Session.open(tmp_path / "b.sqlite")) as made, closing(Session.open(path)) as old:
        sizes = [
            sorted(len(row.data or b"") for kind in one.kinds() for row in one.rows(kind.kind))
            for one in (made, old)
        ]
    assert sizes[0] == sizes[1]


def test_a_word_that_is_a_secret_too_is_said(tmp_path: Path) -> None:
    path = layouts.v2(
        tmp_path / "s.db",
        [Rec("environment", "e", environment("resources")), Rec("agent", "a", b"")],
    )
    with closing(Session.open(path)) as session:
        found = save_bundle(session, BundleRequest([("agent", "a")]), tmp_path / "b.sqlite")
    assert found.in_names == 1


def test_secrets_of_plain_tables_count(tmp_path: Path) -> None:
    name = wire.text(2, "Agent") + wire.text(3, wire.text(1, "has wanderer-9 in it"))
    path = layouts.create(
        tmp_path / "s.db",
        layouts.RESOURCES,
        layouts.SCHEMA_VERSION,
        layouts.AUDIT,
        "CREATE TABLE t (a TEXT, api_token TEXT, PRIMARY KEY (a)) WITHOUT ROWID;"
        "INSERT INTO t VALUES ('x', 'wanderer-9');"
        "CREATE VIEW v AS SELECT api_token FROM t",
        records=[Rec("agent", "a", name)],
        version=2,
    )
    with closing(Session.open(path)) as session:
        save_bundle(session, BundleRequest([("agent", "a")]), tmp_path / "b.sqlite")
    assert b"wanderer" not in (tmp_path / "b.sqlite").read_bytes()


def test_history_of_the_first_stores_and_what_is_gone(tmp_path: Path) -> None:
    name = wire.text(2, "Agent") + wire.text(3, wire.text(1, "n"))
    path = layouts.v0(
        tmp_path / "s.db",
        [Rec("agent", "a", name), Rec("agent", "agent_audit/a/17952391769566", name)],
    )
    with closing(Session.open(path)) as session:
        found = save_bundle(session, BundleRequest([("agent", "a")]), tmp_path / "b.sqlite")
        wanted = [one.name for one in versions_of(session, "agent", "a")]
    assert (found.records, found.versions) == (1, 1)
    with closing(Session.open(tmp_path / "b.sqlite")) as made:
        assert made.facts().layout == 0
        assert [one.name for one in versions_of(made, "agent", "a")] == wanted
    gone = layouts.v2(tmp_path / "g.db", [], [Arc("agent", "a", name)])
    with closing(Session.open(gone)) as session:
        found = save_bundle(session, BundleRequest([("agent", "a")]), tmp_path / "h.sqlite")
    assert (found.records, found.versions) == (1, 1)


def test_of_a_store_whose_layout_is_lost_nothing_is_read_as_of_the_first(tmp_path: Path) -> None:
    private = wire.text(1, "n") + wire.integer(5, 1)
    agent = wire.text(2, "Agent") + wire.text(3, private)
    written = "2026-10-20 10:00:00"
    path = layouts.create(
        *(tmp_path / "s.db", layouts.RESOURCES, layouts.AUDIT),
        records=[Rec("agent", "a", agent, written)],
    )
    with closing(Session.open(path)) as session:
        assert "visibility" in json_of(session, "agent", "a")
        save_bundle(session, BundleRequest([("agent", "a")]), tmp_path / "b.sqlite")
    with closing(Session.open(tmp_path / "b.sqlite")) as made:
        assert "visibility" in json_of(made, "agent", "a")
    [[line]] = query_of(tmp_path / "b.sqlite", "SELECT text FROM README WHERE line = 1")
    assert "of no known layout" in line


def test_the_json_store(tmp_path: Path) -> None:
    secret = (
        '{"metadata":{"name":"n"},"spec":{"data":{"A":{"is_secret":true,"value":"hunter-two"}}}}'
    )
    other = '{"metadata":{"name":"hunter-two is it"}}'
    path = layouts.create(
        tmp_path / "s.db",
        layouts.RESOURCES_JSON,
        records=[Rec("Environment", "e", secret), Rec("Agent", "a", other)],
    )
    with closing(Session.open(path)) as session:
        keys = [("Environment", "e"), ("Agent", "a")]
        save_bundle(session, BundleRequest(keys), tmp_path / "b.sqlite")
        form = session.facts().form
    assert b"hunter" not in (tmp_path / "b.sqlite").read_bytes()
    with closing(Session.open(tmp_path / "b.sqlite")) as made:
        assert made.facts().form is form
        assert [one.name for one in made.records("Agent").rows] == ["x*x*x*x*x* is it"]


def test_it_is_whole_or_not_there(tmp_path: Path) -> None:
    out = tmp_path / "out" / "b.sqlite"
    out.parent.mkdir()
    out.write_text("old")
    stop = threading.Event()
    with closing(Session.demo()) as session:
        keys = all_keys(session)
        with pytest.raises(CancelledError):
            save_bundle(
                session, BundleRequest(keys, cancel=stop, progress=lambda _: stop.set()), out
            )
        with pytest.raises(KeyboardInterrupt):
            save_bundle(session, BundleRequest(keys, progress=_interrupt), out)
        assert [one.read_text() for one in out.parent.iterdir()] == ["old"]
        for place in (session.store.real_path, f"{session.store.real_path}-wal"):
            with pytest.raises(UsageError):
                save_bundle(session, BundleRequest(keys), Path(place))
        pieces: list[bytes] = []
        write_bundle(session, BundleRequest(keys[:3]), pieces.append)
        save_bundle(session, BundleRequest(keys[:3]), out)
        assert b"".join(pieces) == out.read_bytes()


def _interrupt(_text: str) -> None:
    raise KeyboardInterrupt


def _written_meanwhile(path: Path, writer: Writer) -> tuple[BundleResult, Path]:
    """A bundle of two agents, and a daemon that changes both as soon as the first is in it."""
    statements = [
        "UPDATE resources SET data = x'0a036e6577' WHERE kind = 'agent'",
        "DELETE FROM resource_audit",
        "INSERT INTO resources VALUES ('agent', 'c', x'0a036e6577', '2026-01-26 20:38:38')",
    ]

    def progress(words: str) -> None:
        if words.startswith("1 of "):
            while statements:
                writer.sql(statements.pop())

    out = path.with_name("bundle.sqlite")
    with closing(Session.open(path)) as session:
        request = BundleRequest([("agent", "a"), ("agent", "b")], progress=progress)
        found = save_bundle(session, request, out)
    assert not statements
    return found, out


def _two_agents(tmp_path: Path) -> Path:
    old = [Rec("agent", one, b"\x0a\x03old") for one in "ab"]
    return layouts.v2(tmp_path / "s.db", old, [Arc("agent", "b", b"\x0a\x03old")])


def test_what_is_written_meanwhile_is_not_in_it(tmp_path: Path) -> None:
    """Records, references and versions are of one moment, that in which it began."""
    path = _two_agents(tmp_path)
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET updated_at = '2026-01-26 20:38:38'")
        found, out = _written_meanwhile(path, writer)
        writer.stop()
    assert query_of(out, "SELECT id, data FROM resources ORDER BY id") == [
        ("a", b"\x0a\x03old"),
        ("b", b"\x0a\x03old"),
    ]
    assert query_of(out, "SELECT resource_id FROM resource_audit") == [("b",)]
    assert found.left_out == []
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("s.db")] == ["s.db"]


def test_where_no_state_can_be_kept_it_says_so_only_if_that_made_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "copy_to", full)
    path = _two_agents(tmp_path)
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET updated_at = '2026-01-26 20:38:38'")
        with closing(Session.open(path)) as session:
            request = BundleRequest([("agent", "a")])
            assert save_bundle(session, request, tmp_path / "calm.sqlite").left_out == []
        found, out = _written_meanwhile(path, writer)
    said = (
        "The store was written meanwhile, and could not be copied first (No space left on device):"
        " what is here may be of more than one moment."
    )
    assert found.left_out == [said]
    assert (said,) in query_of(out, "SELECT text FROM README")
