from __future__ import annotations

import sqlite3
from base64 import b64encode
from contextlib import closing
from pathlib import Path

import pytest

from inspector.errors import NotFoundError
from inspector.session.browse import TableCell, as_tsv, table_rows
from inspector.session.foreign_rows import ForeignReading
from inspector.session.row_query import sort_key
from inspector.session.session import Session
from inspector.store.rows import TablePage
from tests.builders import events
from tests.builders.layouts import v2
from tests.places import REAL, shared


def test_every_table_can_be_read_whole() -> None:
    session = Session.open(REAL / "v2-clean" / "stigmer.db")
    for table in session.store.counted_tables():
        seen, after, offset = 0, None, 0
        while True:
            page = table_rows(session, table.name, after=after, offset=offset, limit=7)
            seen += len(page.rows)
            assert all(len(row) == len(page.columns) for row in page.rows)
            if not page.more:
                break
            after, offset = page.last, offset if page.last is not None else seen
        assert seen == table.rows


def test_columns_that_hold_secrets_are_covered_until_asked_for() -> None:
    session = Session.demo()
    covered = table_rows(session, "pending_oauth_state")
    names = [column.name for column in covered.columns]
    for row in covered.rows:
        for name in ("client_secret", "code_verifier"):
            cell = row[names.index(name)]
            assert cell.covered
            assert cell.value is None
    assert "demo-secret" not in as_tsv(covered.columns, covered.rows)
    shown = table_rows(session, "pending_oauth_state", reveal=True)
    assert "demo-secret" in as_tsv(shown.columns, shown.rows)


def test_sealed_values_say_so_whether_they_are_covered_or_not(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    sealed = "enc:v1:" + b64encode(bytes(44)).decode()
    with sqlite3.connect(path) as connection:
        connection.execute("create table pending_oauth_state(subject, client_secret, note)")
        connection.execute(
            "insert into pending_oauth_state values (?, ?, ?), ('s', 'plain', 'enc:v1')",
            (sealed, sealed, "x"),
        )
    connection.close()
    page = table_rows(Session.open(path), "pending_oauth_state")
    words = [[cell.seal and cell.seal.words for cell in row] for row in page.rows]
    said = "Sealed (enc:v1, 44 bytes)"
    assert words == [[said, said, None], [None, None, None]]
    assert [cell.covered for cell in page.rows[0]] == [False, True, False]
    assert sealed not in page.rows[0][1].text
    shown = table_rows(Session.open(path), "pending_oauth_state", reveal=True)
    assert [cell.text for cell in shown.rows[0]] == [sealed, sealed, "x"]


def test_blobs_are_given_as_their_length() -> None:
    session = Session.open(REAL / "v0" / "stigmer.db")
    page = table_rows(session, "resources", limit=3)
    at = [column.name for column in page.columns].index("data")
    for row in page.rows:
        assert row[at].covered
        assert row[at].value is None
        assert row[at].text.endswith(" bytes")


def test_text_with_tabs_stays_one_field(tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t(a, b)")
        connection.execute("insert into t values ('x\ty\nz', null)")
    connection.close()
    page = table_rows(Session.open(path), "t")
    assert as_tsv(page.columns, page.rows) == "a\tb\nx\\ty\\nz\tNULL\n"


def test_what_is_copied_of_a_table_is_what_is_there(tmp_path: Path) -> None:
    """NULL is not the text NULL, bytes that are no text not another text, a blob no number."""
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
        for value in ("NULL", "CAST(x'c3a4e4ff41' AS TEXT)", "NULL || 'x'", "x'48656c6c6f'", "x''"):
            connection.execute(f"INSERT INTO t VALUES ({value})")
        texts = ["NULL", "\\NULL", "\\xff", "5 bytes", "x'48656c6c6f'", ""]
        connection.executemany("INSERT INTO t VALUES (?)", ((text,) for text in texts))
    session = Session.open(path)
    covered, shown = table_rows(session, "t"), table_rows(session, "t", reveal=True)
    common = ["\\NULL", "\\\\NULL", "\\\\xff", "5 bytes", "x'48656c6c6f'", ""]
    head = ["NULL", "\u00e4\\xe4\\xffA", "NULL"]
    assert as_tsv(covered.columns, covered.rows).split("\n")[1:-1] == [
        *(*head, "[covered]", "x''", *common),
    ]
    assert as_tsv(shown.columns, shown.rows).split("\n")[1:-1] == [
        *(*head, "x'48656c6c6f'", "x''", *common),
    ]


def test_no_such_table_is_said() -> None:
    with pytest.raises(NotFoundError):
        table_rows(Session.demo(), "nothing")


def test_texts_of_a_column_whose_name_says_secret_are_covered_in_any_table(tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    secret = (
        *("client_secret", "api_token", "TokenHash", "db_password", "codeVerifier", "passwd"),
        *("api_key", "privateKey", "passphrase", "key_hash", "credentials"),
        *("API Key", "access-key", "key hash", "auth_key", "master_key", "pass phrase", "passcode"),
        *("pass", "user_pass", "userPwd", "pw_hash"),
    )
    plain = (
        *("name", "hash", "state", "author", "expires_at", "key", "public_key", "api_key_id"),
        *("API Key ID", "passed", "passenger", "bypass", "compass", "power"),
    )
    columns = ", ".join(f'"{name}"' for name in (*secret, "tokens_used", *plain))
    marks = ", ".join("?" * (len(secret) + 1 + len(plain)))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE t ({columns})")
        values = [f"sek-{name}" for name in secret]
        connection.execute(
            f"INSERT INTO t VALUES ({marks})", (*values, 12, *(f"said {name}" for name in plain))
        )
        connection.execute(f"INSERT INTO t ({secret[0]}, {secret[1]}) VALUES ('', NULL)")
    page = table_rows(Session.open(path), "t")
    cells = dict(zip([column.name for column in page.columns], page.rows[0], strict=True))
    assert {name for name, cell in cells.items() if cell.covered} == set(secret)
    assert cells["tokens_used"].value == 12
    assert "sek-" not in as_tsv(page.columns, page.rows)
    assert [(cell.text, cell.covered) for cell in page.rows[1][:2]] == [
        ("", False),
        ("NULL", False),
    ]
    shown = table_rows(Session.open(path), "t", reveal=True)
    assert [cell.value for cell in shown.rows[0][: len(secret)]] == values


@pytest.mark.parametrize("kept", ["STORED", "VIRTUAL"])
def test_what_is_made_of_a_covered_value_is_covered(kept: str, tmp_path: Path) -> None:
    """Whether it is computed when it is read or was when it was written; it orders nothing."""
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, token TEXT, b BLOB,"
            f" loud TEXT AS (upper(token)) {kept}, part TEXT AS (CAST(b AS TEXT)) {kept})"
        )
        connection.executemany(
            "INSERT INTO t (token, b) VALUES (?, ?)",
            [("made-up", None), (None, b"made-up"), (None, None), ("", b"")],
        )
        connection.commit()
    session = Session.open(path)
    page = table_rows(session, "t")
    assert "MADE-UP" not in as_tsv(page.columns, page.rows).upper()
    assert [[cell.covered for cell in row[3:]] for row in page.rows] == [
        *([True, False], [False, True], [False, False], [False, False])
    ]
    keys = [sort_key(row[3]) for row in ForeignReading(session).cells(_only(session, "loud"), "t")]
    assert keys[0] == sort_key(TableCell("", covered=True))
    assert "MADE-UP" in as_tsv(page.columns, table_rows(session, "t", reveal=True).rows)


def _only(session: Session, column: str) -> TablePage:
    return session.store.table_page("t", only=frozenset((column,)))


def test_blobs_of_events_are_covered_as_all_blobs_are(tmp_path: Path) -> None:
    path = v2(tmp_path / "s.db")
    events.add(path, events.EXECUTION_EVENTS, [events.OfExecution("wex-1", 1, data=b"sek-1")])
    events.add(path, events.SESSION_EVENTS, [events.OfSession("ses-1", 1, data=b"sek-2")])
    session = Session.open(path)
    for table in ("workflow_execution_events", "session_events"):
        page = table_rows(session, table)
        (cell,) = [
            cell
            for column, cell in zip(page.columns, page.rows[0], strict=True)
            if column.name == "data"
        ]
        assert (cell.text, cell.covered, cell.value) == ("5 bytes", True, None)


def test_no_secret_of_any_table_of_any_store_is_shown() -> None:
    folder = shared("stigmer", "history")
    seen = 0
    for path in sorted(folder.glob("*/*/stigmer.*")):
        session = Session.open(path)
        for table in session.store.counted_tables():
            if table.rows is None or table.name in ("resources", "resource_audit"):
                continue
            for reveal in (False, True):
                page = table_rows(session, table.name, reveal=reveal)
                cells = [cell for row in page.rows for cell in row if "sek-" in cell.text]
                assert reveal or not cells, (path, table.name)
                seen += len(cells)
    assert seen
