import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PtyScreen } from "./pty-screen.ts";
import type { Simulator } from "./program.ts";
import { makeHome, run, runJson, start, startSimulator } from "./program.ts";

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
beforeEach(async () => {
  home = makeHome();
  simulator = await startSimulator([], home.path);
});
afterEach(async () => {
  await simulator.stop();
  home.remove();
});

interface Listed {
  readonly orders: readonly { readonly clientOrderId: string; readonly state: string }[];
}

async function idsOf(env: Simulator["env"]): Promise<readonly string[]> {
  const { orders } = await runJson<Listed>(["order", "ls", "--open"], env);
  return orders.map(({ clientOrderId }) => clientOrderId).sort();
}

describe("a console restored from a backup", () => {
  it("trades on in its new home, and learns what happened since", async () => {
    const place = (id: string, env = simulator.env) =>
      runJson(["order", "place", "buy", "BTCUSDT", "0.001", "@", "30000", "--client-id", id], env);
    await place("before-1");
    await runJson(["backup", "create", "--full"], simulator.env);
    await place("before-2");
    await runJson(["backup", "create", "--incremental"], simulator.env);
    // What the backup does not know: an order more, and one that is gone.
    await place("after-1");
    await runJson(["order", "cancel", "before-1"], simulator.env);

    const again = join(home.path, "again");
    expect(await runJson(["backup", "restore", "latest", "--to", again], simulator.env)).toMatchObject({ home: again });
    const env = { ...simulator.env, TAPEDECK_HOME: again };
    const stored = await runJson<Listed>(["order", "ls", "--stored"], env);
    expect(stored.orders.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(["before-1", "before-2"]);

    await runJson(["reconcile"], env);
    expect(await idsOf(env)).toEqual(["after-1", "before-2"]);
    await place("traded-on", env);
    await runJson(["order", "cancel", "before-2"], env);
    expect(await idsOf(env)).toEqual(["after-1", "traded-on"]);
    const { orders } = await simulator.ledger();
    expect(orders.map(({ clientOrderId }) => clientOrderId).sort()).toEqual([
      "after-1",
      "before-1",
      "before-2",
      "traded-on",
    ]);
    expect((await run(["doctor"], env)).code).toBe(0);
    expect((await run(["journal", "verify"], env)).code).toBe(0);
  });

  it("is not put over the database of one that runs, and is once that has ended", async () => {
    await runJson(["order", "place", "buy", "BTCUSDT", "0.001", "@", "30000"], simulator.env);
    await runJson(["backup", "create"], simulator.env);
    const guard = start(["guard", "run"], simulator.env);
    await guard.line((line) => line.includes("tapedeck.guard/1"));
    const refused = await run(["backup", "restore", "--in-place", "--yes"], simulator.env);
    expect({ code: refused.code, named: refused.stderr.includes("RESTORE_DATABASE_IN_USE") }).toEqual({
      code: 1,
      named: true,
    });
    guard.child.kill("SIGTERM");
    expect((await guard.finished).code).toBe(0);
    expect(await runJson(["backup", "restore", "--in-place", "--yes"], simulator.env)).toMatchObject({ home: null });
    expect((await run(["doctor"], simulator.env)).code).toBe(0);
  });
});

describe("a guardian with a schedule", () => {
  it("makes a backup and restores it on trial by itself, and tells when that fails", async () => {
    mkdirSync(join(home.path, "config"), { recursive: true, mode: 0o700 });
    const config = join(home.path, "config", "config.toml");
    writeFileSync(config, "[backup]\nevery_hours = 1\n", { mode: 0o600 });
    const guard = start(["guard", "run"], simulator.env);
    await guard.line((line) => line.includes('"backup-made"'));
    await guard.line((line) => line.includes('"restore-drilled"'));
    const { backups } = await runJson<{ readonly backups: readonly object[] }>(["backup", "ls"], simulator.env);
    expect(backups).toMatchObject([{ kind: "full", whole: true }]);
    expect((await run(["guard", "status"], simulator.env)).code).toBe(0);
    guard.child.kill("SIGTERM");
    expect((await guard.finished).code).toBe(0);

    // The last one was long ago, and the folder cannot be used any more.
    const state = join(home.path, "state", "backups.json");
    const notes = JSON.parse(readFileSync(state, "utf8")) as { created: { at: number } };
    notes.created.at -= 2 * 86_400_000;
    writeFileSync(state, JSON.stringify(notes));
    writeFileSync(join(home.path, "file"), "");
    writeFileSync(config, `[backup]\nevery_hours = 1\nfolder = "${join(home.path, "file")}"\n`);
    const again = start(["guard", "run"], simulator.env);
    expect(JSON.parse(await again.line((line) => line.includes('"backup-missed"')))).toMatchObject({
      needsPerson: true,
    });
    await again.line((line) => line.includes('"backup-failed"'));
    const status = await run(["guard", "status"], simulator.env);
    expect({ code: status.code, told: status.stderr.includes("A backup was missed") }).toEqual({ code: 9, told: true });
    expect((await run(["doctor"], simulator.env)).stdout).toContain("A backup was missed");
    again.child.kill("SIGTERM");
    await again.finished;
    const journal = await run(["journal", "ls", "-o", "ndjson"], simulator.env);
    for (const type of ["backup-created", "backup-drilled", "backup-missed", "backup-failed"])
      expect(journal.stdout).toContain(type);
  });
});

describe("a passphrase in a terminal", () => {
  it("is typed unseen, seals and opens; Ctrl-C leaves with 130 and a terminal that echoes", async () => {
    await runJson(["order", "place", "buy", "BTCUSDT", "0.001", "@", "30000"], simulator.env);
    const env = simulator.env;
    const create = new PtyScreen({ args: ["backup", "create", "--encrypt"], env });
    await create.until(/Passphrase of the new backup: /);
    create.type("correct horse\r");
    await create.until(/The same again: /);
    create.type("correct horse\r");
    expect((await create.exited).exitCode).toBe(0);
    expect(create.text()).toMatch(/sealed +yes/);
    expect(create.text()).not.toContain("correct horse");

    const restore = new PtyScreen({ args: ["backup", "restore", "latest", "--in-place"], env });
    await restore.until(/Type "restore" to go on: /);
    restore.type("restore\r");
    await restore.until(/Passphrase of the backup: /);
    restore.type("wrong horse\r");
    await restore.until(/BACKUP_PASSPHRASE_WRONG/);
    expect((await restore.exited).exitCode).toBe(1);

    const given = new PtyScreen({ args: ["backup", "verify"], env });
    await given.until(/Passphrase of the backup: /);
    given.type("corr\u0003");
    expect((await given.exited).exitCode).toBe(130);
  });
});

describe("backup create", () => {
  it("leaves with 130 and nothing behind at Ctrl-C", async () => {
    await runJson(["order", "place", "buy", "BTCUSDT", "0.001", "@", "30000"], simulator.env);
    const create = start(["backup", "create", "-o", "ndjson"], simulator.env);
    await create.line((line) => line.includes('"copying"'));
    create.child.kill("SIGINT");
    const { code, stdout } = await create.finished;
    const backups = join(home.path, "data", "backups");
    const left = existsSync(backups) ? readdirSync(backups) : [];
    // It may have been done before the signal came; then it is whole, and said so.
    if (code === 0)
      expect({ left: left.length, told: stdout.includes("backup-created") }).toEqual({ left: 1, told: true });
    else expect({ code, left }).toEqual({ code: 130, left: [] });
  });
});
