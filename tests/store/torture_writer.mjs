// The same as torture_writer.py, beside Node's own SQLite.
import { DatabaseSync } from "node:sqlite";
import { createInterface } from "node:readline";
import { writeSync } from "node:fs";

const [path, first, seed] = process.argv.slice(2);
let state = Number(seed) + 1;
const chance = (most) => {
  state = (state * 48271) % 2147483647;
  return state % most;
};
const database = new DatabaseSync(path);
database.exec("PRAGMA busy_timeout=30000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
database.exec(`PRAGMA wal_autocheckpoint=${[0, 20, 1000][chance(3)]}`);
const update = database.prepare(
  "UPDATE resources SET data = CAST(printf('%010d', ?) || substr(CAST(data AS TEXT), 11) AS BLOB)",
);
let number = Number(first);
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "stop") {
    database.close();
    writeSync(1, "stopped\n");
    break;
  }
  for (let left = Number(line); left > 0; left--) {
    number += 1;
    database.exec("BEGIN IMMEDIATE");
    update.run(number);
    database.exec("COMMIT");
    writeSync(1, `${number}\n`);
    const which = chance(30);
    if (which < 3) {
      const how = ["PASSIVE", "RESTART", "TRUNCATE"][which];
      database.prepare(`PRAGMA wal_checkpoint(${how})`).all();
    } else if (which === 3) {
      database.exec("VACUUM");
    }
  }
  writeSync(1, "done\n");
}
