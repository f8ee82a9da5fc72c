import { randomUUID } from "node:crypto";
import { openSyncStore } from "../../src/adapters/storage/sync-store.ts";
import { createTursoRemote } from "../../src/adapters/sync/turso-remote.ts";
import { createIdSource } from "../../src/adapters/system/id-source.ts";
import { createSystemClock } from "../../src/adapters/system/system-clock.ts";
import { synchronise } from "../../src/core/use-cases/synchronise.ts";

/** A process that synchronises without end, and says each time that both sides are equal. */
const [file = "", url = "", token = ""] = process.argv.slice(2);
const clock = createSystemClock();
const ids = createIdSource({ now: () => clock.now() });
const store = openSyncStore({ file, clock, ids });
const remote = createTursoRemote({ url, token, tables: store.tables });
for (;;) {
  const { pushed } = await synchronise(
    {
      store,
      remote,
      host: "killed",
      newMark: randomUUID,
      now: () => clock.now(),
      yieldTurn: () => new Promise((resolve) => setImmediate(resolve)),
      pushRows: 20,
    },
    new AbortController().signal,
  );
  process.stdout.write(`${String(pushed)}\n`);
}
