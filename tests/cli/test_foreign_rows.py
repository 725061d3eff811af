"""``rows``, ``row``, ``decode`` and ``fit``: tables and blobs of any SQLite file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from inspector import assets
from inspector.store.rows import TablePage
from inspector.store.store import Store
from tests.cli.calls import call, document, failed
from tests.foreign.schemas import FIELDS, MAP, descriptors, foreign


@pytest.fixture
def mapped(tmp_path: Path) -> Path:
    descriptors(tmp_path / "own.binpb")
    (tmp_path / "f.inspect.toml").write_text(MAP)
    return foreign(tmp_path / "f.db")


def test_rows_by_key(mapped: Path) -> None:
    answer = call("rows", "t", "--limit", "1", "--after", "2", "--json", "--db", mapped)
    assert answer.code == 0
    assert answer.out == document(answer.json)
    [row] = answer.json
    assert list(row) == ["key", "values"]
    assert row["key"] == 3
    assert list(row["values"]["data"]) == ["blob"]
    assert call("rows", "t", "--json", "--db", mapped).json[-1]["key"] == len(FIELDS) + 1
    after = call("rows", "w", "--after", '["x", 1]', "--json", "--db", mapped).json
    assert [one["key"] for one in after] == [["x", 2], ["y", 1]]
    assert "no row with the key" in failed(call("row", "t", "999", "--db", mapped), 4)
    assert "no table" in failed(call("rows", "nothing", "--db", mapped), 4)


def test_a_row_without_a_number_is_found_by_its_key_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE w (a, b, n, PRIMARY KEY (a, b)) WITHOUT ROWID")
        rows = [(a, b) for a in ("x", 7, 2.5) for b in range(700)]
        connection.executemany("INSERT INTO w VALUES (?, ?, 1)", rows)
        connection.execute("CREATE TABLE one (a PRIMARY KEY, n) WITHOUT ROWID")
        connection.executemany("INSERT INTO one VALUES (?, 1)", [("7",), (8,), (9.5,)])
        connection.commit()
    read = 0
    real = Store.table_page

    def counting(self: Store, *words: Any, **more: Any) -> TablePage:
        nonlocal read
        page = real(self, *words, **more)
        read += len(page.rows)
        return page

    monkeypatch.setattr(Store, "table_page", counting)
    for key in ('["x", 699]', "[7, 350]", "[2.5, 0]"):
        assert call("row", "w", key, "--json", "--db", path).json["key"] == json.loads(key)
    after = call("rows", "w", "--after", '["x", 690]', "--limit", "2", "--json", "--db", path)
    assert [one["key"] for one in after.json] == [["x", 691], ["x", 692]]
    for key in ("7", "8", "9.5"):
        assert call("row", "one", key, "--json", "--db", path).code == 0
    assert read < 40
    assert "no row with the key" in failed(call("row", "one", "9" * 30, "--db", path), 4)
    assert "no row with the key" in failed(call("row", "w", f'["x", {"9" * 30}]', "--db", path), 4)


def test_a_key_is_taken_as_it_is_printed(tmp_path: Path) -> None:
    """Blobs, the empty one too, and infinities are part of keys; one text is printed in quotes."""
    path = tmp_path / "w.db"
    parts = (
        *(b"", b"\xff\0", "", "Infinity", "a", float("inf"), float("-inf"), -1e308, 5),
        *("5", "-1e+308", -3, "-3", 0.5, "0.5", "1e3", 1000),
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE two (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID")
        connection.executemany("INSERT INTO two VALUES (?, ?)", product(parts, parts))
        connection.execute("CREATE TABLE one (a PRIMARY KEY, b) WITHOUT ROWID")
        connection.executemany("INSERT INTO one VALUES (?, 1)", ((part,) for part in parts))
    of = ("--json", "--db", path, "--reveal-secrets")
    for table in ("one", "two"):
        rows = call("rows", table, *of).json
        assert len(rows) == len(parts) ** (1 + (table == "two"))
        for at, row in enumerate(rows):
            key = json.dumps(row["key"])
            # An infinity is printed as the text, which is meant first.
            if "Infinity" not in key:
                assert call("row", *of, "--", table, key).json == row
                after = call("rows", table, f"--after={key}", "--limit", "1", *of).json
                assert after == rows[at + 1 : at + 2]
    infinite = {"a": "Infinity", "b": 1}
    assert call("row", "one", '"-Infinity"', *of).json["values"] == infinite | {"a": "-Infinity"}
    assert call("row", "one", "1e3", *of).json["key"] == "1e3"
    covered = failed(call("row", "one", '{"blob": 2}', "--db", path), 4)
    assert "--reveal-secrets" in covered
    for wrong in ('{"blob":1}', '{"blob":2,"data":"/w=="}', '[{"blob":"x"},1]', "[]", '"b"'):
        assert "no row with the key" in failed(call("row", "one", wrong, *of), 4)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
@pytest.mark.parametrize("collation", ["BINARY", "NOCASE", "rtrim"])
def test_an_order_that_sqlite_knows_is_known_in_every_encoding(
    tmp_path: Path, encoding: str, collation: str
) -> None:
    # Of texts in UTF-16 it asks for those that it has for UTF-8 alone before it takes them.
    path = tmp_path / "w.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA encoding='{encoding}'")
        connection.execute(
            f"CREATE TABLE t (a TEXT COLLATE {collation} PRIMARY KEY, b) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO t VALUES (?, 1)", [("B",), ("a ",), ("ä",), ("",)])
        connection.commit()
    rows = call("rows", "t", "--json", "--db", path).json
    assert {row["key"] for row in rows} == {"B", "a ", "ä", ""}
    for at, row in enumerate(rows):
        assert call("row", "t", json.dumps(row["key"]), "--json", "--db", path).json == row
        after = call("rows", "t", f"--after={json.dumps(row['key'])}", "--json", "--db", path)
        assert after.json == rows[at + 1 :]


def test_a_map_decodes_and_covers(mapped: Path) -> None:
    own_map = mapped.parent / "f.inspect.toml"
    found = call("rows", "t", "--json", "--db", mapped, "--map", own_map)
    assert found.out == document(found.json)
    data = found.json[0]["values"]["data"]
    assert data["name"] == "file"
    assert data["jsonName"] == data["typeName"] == "[covered]"
    assert "covered" in found.err
    # when: a row of another encoding is left as it is.
    assert found.json[-1]["values"]["data"] == {"blob": 1}
    shown = call("row", "t", "1", "--json", "--db", mapped, "--map", own_map, "--reveal-secrets")
    assert shown.json["values"]["data"]["jsonName"] == "file"


def test_a_column_of_secrets_stays_covered_whatever_it_is_read_as(tmp_path: Path) -> None:
    path, own_map = tmp_path / "f.db", tmp_path / "f.inspect.toml"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (api_token TEXT)")
        connection.execute("""INSERT INTO t VALUES ('{"hush": 1}')""")
        connection.commit()
    own_map.write_text('version = 1\n[[column]]\nat = "t.api_token"\nas = "json"\n')
    of = ("rows", "t", "--json", "--db", path, "--map", own_map)
    assert call(*of).json[0]["values"] == {"api_token": "[covered]"}
    assert call(*of, "--filter", "hush").json == []
    assert call(*of, "--reveal-secrets").json[0]["values"] == {"api_token": {"hush": 1}}
    assert len(call(*of, "--filter", "hush", "--reveal-secrets").json) == 1


def test_a_value_goes_to_decode(mapped: Path, tmp_path: Path) -> None:
    blob, schema = tmp_path / "blob", mapped.parent / "own.binpb"
    of = ("row", "t", "1", "--column", "data", "--db", mapped)
    assert call(*of).json.keys() == {"blob"}
    assert call(*of, "--reveal-secrets", "-o", blob).code == 0
    known = ("--unwrap", "gzip", "--message", "FieldDescriptorProto", "--schema", schema)
    assert call("decode", blob, *known).json["name"] == "file"
    hidden = call("decode", blob, "--unwrap", "gzip", "--json")
    assert {one["guesses"] for one in hidden.json} == {None}
    read = call("decode", blob, "--unwrap", "gzip", "--json", "--reveal-secrets").json
    assert next(one for one in read if one["path"] == "<1>")["guesses"]["text"] == "file"
    assert "not protobuf" in failed(call("decode", blob), 5)
    assert "no store" in failed(call("decode", blob, "--demo"), 2)
    assert "is a SQLite database" in failed(call("decode", mapped), 2)
    wrong = call("decode", blob, "--message", "FieldDescriptorPro", "--schema", schema)
    assert "Nearest are own.FieldDescriptorProto" in failed(wrong, 4)


def test_names_with_dots_are_found(tmp_path: Path) -> None:
    descriptors(tmp_path / "own.binpb")
    path = tmp_path / "d.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute('CREATE TABLE "a.b" ("c.d" BLOB, "d" BLOB)')
        connection.execute('CREATE TABLE "a" ("b.c" BLOB)')
        rows = [(one, one) for one in FIELDS]
        connection.executemany('INSERT INTO "a.b" VALUES (?, ?)', rows)
    mapped = tmp_path / "d.inspect.toml"
    head = 'version = 1\n[schema]\ndescriptor_sets = ["own.binpb"]\n'
    column = 'table = "a.b"\ncolumn = "c.d"\nmessage = "own.FieldDescriptorProto"\n'
    mapped.write_text(f"{head}[[column]]\n{column}")
    rows = call("rows", "a.b", "--json", "--db", path, "--map", mapped).json
    assert all("jsonName" in row["values"]["c.d"] for row in rows)
    for place in ("a.b.c.d", "a.b.d"):
        answer = call("fit", place, "--json", "--db", path, "--map", mapped)
        assert answer.json[0]["message"] == "own.FieldDescriptorProto"
    assert "no blob" in failed(call("fit", "a.b.c", "--json", "--db", path, "--map", mapped), 4)
    assert "TABLE.COLUMN" in failed(call("fit", ".c", "--json", "--db", path, "--map", mapped), 2)


def test_a_map_names_a_release(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    with closing(sqlite3.connect(assets.path("demo/stigmer.sqlite"))) as connection:
        found = connection.execute("SELECT data FROM resources WHERE kind = 'agent'").fetchall()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (data BLOB)")
        connection.executemany("INSERT INTO t VALUES (?)", found)
    mapped = tmp_path / "r.inspect.toml"
    mapped.write_text(
        'version = 1\n[schema]\nreleases = ["apis-0.1.0.dev0"]\n'
        '[[column]]\nat = "t.data"\nmessage = "Agent"\n'
    )
    rows = call("rows", "t", "--json", "--db", path, "--map", mapped).json
    assert {row["values"]["data"]["kind"] for row in rows} == {"Agent"}


def test_fields_beyond_the_first_are_said_to_be_left_out(tmp_path: Path) -> None:
    for number, noted in ((10_000, False), (10_001, True)):
        (tmp_path / "many").write_bytes(b"\x08\x00" * number)
        answer = call("decode", tmp_path / "many", "--json")
        assert len(answer.json) == 10_000
        assert ("only the first 10,000 fields are listed" in answer.err) is noted


def test_fit(mapped: Path) -> None:
    own_map = mapped.parent / "f.inspect.toml"
    found = call("fit", "t.data", "--json", "--db", mapped, "--map", own_map).json
    assert found[0]["message"] == "own.FieldDescriptorProto"
    assert found[0]["fits"] == len(FIELDS)
    assert "needs a schema" in failed(call("fit", "t.data", "--db", mapped), 2)


def test_a_store_of_stigmers_is_not_decoded_past_its_records(tmp_path: Path) -> None:
    text = 'version = 1\n[[column]]\nat = "resources.data"\nmessage = "Agent"\n'
    (tmp_path / "m.toml").write_text(text)
    own = ("--map", tmp_path / "m.toml", "--schema", "apis-0.1.0.dev0", "--demo")
    found = call("rows", "resources", "--limit", "1", "--json", *own)
    assert list(found.json[0]["values"]["data"]) == ["blob"]
    assert "only the records say" in found.err


JSON_STORE = (
    "CREATE TABLE {}(id TEXT PRIMARY KEY, kind TEXT, org_id TEXT, project_id TEXT, data, length AS"
    " (length(data)), updated_at DATETIME)"
)
DOCUMENT = '{"kind":"Agent","spec":{"env":{"A":{"isSecret":true,"value":"made-up-secret"}}}}'


@pytest.mark.parametrize("table", ["resources", "RESOURCES", "resources_before"])
def test_a_message_that_is_text_is_covered_as_a_blob_is(table: str, tmp_path: Path) -> None:
    """In the JSON store, in a copy of its table, and where a text stands in place of a blob."""
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        for name in dict.fromkeys((table, *(["resources"] if "_" in table else []))):
            connection.execute(JSON_STORE.format(name))
            connection.execute(
                f"INSERT INTO {name}(id, kind, data) VALUES ('agent-1', 'Agent', ?)", (DOCUMENT,)
            )
        connection.commit()
    asked = ("--db", path)
    for more in (("--json",), (), ("--format", "csv"), ("--sort", "data"), ("--column", "data")):
        answer = call("rows", table, *more, *asked)
        assert answer.code == 0
        assert b"made-up" not in answer.out
        assert b"covered" in answer.out
    [row] = call("rows", table, "--json", *asked).json
    assert row["values"]["data"] == row["values"]["length"] == "[covered]"
    assert call("rows", table, "--filter", "made-up", "--json", *asked).json == []
    key = str(row["key"])
    assert b"[covered]" in call("row", table, key, *asked).out
    one = call("row", table, key, "--column", "data", *asked)
    assert (one.code, one.out) == (0, b"[covered]\n")
    shown = call("rows", table, "--json", "--reveal-secrets", *asked).json
    assert shown[0]["values"]["data"] == DOCUMENT


def test_a_text_of_another_programs_file_is_not_taken_for_a_message(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (data)")
        connection.execute("INSERT INTO t VALUES ('plain')")
        connection.commit()
    assert call("rows", "t", "--json", "--db", path).json[0]["values"] == {"data": "plain"}


def test_what_is_not_computed_is_not_called_null(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("own", 1, lambda value: value, deterministic=True)
        connection.execute("CREATE TABLE t (a, b AS (own(a)), c AS (a || 'z') STORED)")
        connection.execute("INSERT INTO t (a) VALUES (1), (2)")
        connection.commit()
    answer = call("rows", "t", "--json", "--db", path)
    assert [one["values"] for one in answer.json] == [
        {"a": 1, "b": None, "c": "1z"},
        {"a": 2, "b": None, "c": "2z"},
    ]
    assert answer.err.count("left out: the column b, which is not computed") == 1
    people = call("rows", "t", "--db", path)
    assert "NULL" not in people.out.decode()
    assert "left out: the column b" in people.err
    one = call("row", "t", "1", "--db", path)
    assert "b: not computed" in one.out.decode()
    assert "left out: the column b" in one.err
    assert "left out: the column b" in call("row", "t", "1", "--column", "b", "--db", path).err


def test_covered_texts_of_rows_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (api_token TEXT, b TEXT)")
        connection.execute("INSERT INTO t VALUES ('open sesame', 'x'), ('rose', 'y')")
        connection.commit()
    for form in ((), ("--json",)):
        answer = call("rows", "t", *form, "--db", path)
        assert "sesame" not in answer.out.decode()
        assert "2 secrets are covered" in answer.err
        assert "1 secret is covered" in call("row", "t", "1", *form, "--db", path).err
    shown = call("rows", "t", "--reveal-secrets", "--db", path)
    assert "sesame" in shown.out.decode()
    assert shown.err == ""


# Filtered, ordered, exported


def test_a_filter_says_that_what_is_covered_was_not_searched(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (api_token TEXT, b TEXT)")
        connection.execute("INSERT INTO t VALUES ('open sesame', 'x'), ('', 'rose')")
        connection.execute("CREATE TABLE u (b TEXT)")
        connection.execute("INSERT INTO u VALUES ('rose')")
        connection.commit()
    for form in ((), ("--json",), ("--format", "csv")):
        of = (*form, "--db", path, "--filter")
        answer = call("rows", "t", *of, "sesame")
        assert b"sesame" not in answer.out
        assert "what is covered was not searched" in answer.err
        assert "searched" not in call("rows", "u", *of, "sesame").err
        found = call("rows", "t", "--reveal-secrets", *of, "sesame")
        assert b"sesame" in found.out
        assert "searched" not in found.err
    assert "searched" not in call("rows", "t", "--sort", "b", "--db", path).err


def test_rows_are_filtered_and_ordered(mapped: Path) -> None:
    own_map = mapped.parent / "f.inspect.toml"
    of = ("rows", "t", "--json", "--db", mapped)
    found = call(*of, "--filter", "RESERVED_range", "--map", own_map).json
    wanted = [at for at, one in enumerate(FIELDS, 1) if b"\x0a\x0ereserved_range" in one]
    assert [row["key"] for row in found] == wanted != []
    assert call(*of, "--filter", "reserved_range").json == []
    down = call(*of, "--sort", "id", "--descending", "--limit", "2").json
    assert [row["key"] for row in down] == [len(FIELDS) + 1, len(FIELDS)]
    pairs = call("rows", "w", "--sort", "b", "--json", "--db", mapped).json
    assert [row["key"] for row in pairs] == [["x", 1], ["y", 1], ["x", 2]]
    assert "--after" in failed(call(*of, "--sort", "id", "--after", "1"), 2)
    assert "--descending needs" in failed(call(*of, "--descending"), 2)
    assert "no column nothing" in failed(call(*of, "--sort", "nothing"), 4)


def test_chosen_columns_are_exported(mapped: Path, tmp_path: Path) -> None:
    own_map = mapped.parent / "f.inspect.toml"
    of = ("rows", "t", "--limit", "2", "--db", mapped, "--map", own_map)
    lines = call(*of, "--format", "ndjson", "--column", "data", "--column", "id")
    rows = [json.loads(line) for line in lines.out.splitlines()]
    assert [list(row["values"]) for row in rows] == [["data", "id"]] * 2
    assert rows[0]["values"]["data"]["jsonName"] == "[covered]"
    assert "covered" in lines.err
    whole = call(*of, "--json", "--column", "enc")
    assert whole.out == document(whole.json)
    assert whole.json == call(*of, "--format", "json", "--column", "enc").json
    target = tmp_path / "out.csv"
    assert (
        call(*of, "--format", "csv", "--column", "id", "--column", "enc", "-o", target).out == b""
    )
    assert target.read_bytes() == b"id,enc\r\n1,Proto3\r\n2,Proto3\r\n"
    assert "no column nothing" in failed(call(*of, "--format", "csv", "--column", "nothing"), 4)
    assert "-o needs --format" in failed(call(*of, "-o", target), 2)
    before = mapped.read_bytes()
    assert failed(call(*of, "--format", "csv", "-o", mapped), 2)
    assert mapped.read_bytes() == before
    assert b"ENC" in call(*of, "--column", "enc").out.upper()


def test_csv_tells_null_from_empty_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    odd = ["", None, 'say "x"', "a,b", "two\nlines", " edge", "1", 1.5, b"\x01"]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (v)")
        connection.executemany("INSERT INTO t VALUES (?)", [(one,) for one in odd])
        connection.commit()
    answer = call("rows", "t", "--format", "csv", "--db", path)
    lines = answer.out.decode().split("\r\n")
    assert lines == [
        *("v", '""', "", '"say ""x"""', '"a,b"', '"two\nlines"', '" edge"', "1", "1.5"),
        *("[covered]", ""),
    ]
    assert "1 raw payload is covered" in answer.err


def test_null_is_told_from_the_text_of_these_letters(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t(a TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [(None,), ("NULL",), (" NULL\n",)])
    lines = call("rows", "t", "--db", path).out.decode().splitlines()
    assert [line.split() for line in lines[1:]] == [["1", "NULL"], ["2", "\\NULL"], ["3", "\\NULL"]]
    said = [call("row", "t", key, "--db", path).out.decode() for key in "12"]
    assert said[0] != said[1]
    assert "\\NULL" in said[1]
    assert [one["values"]["a"] for one in call("rows", "t", "--json", "--db", path).json] == [
        None,
        "NULL",
        " NULL\n",
    ]
