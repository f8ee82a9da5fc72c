import Database from "better-sqlite3";
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "../fake-io.ts";
import { tradedHome } from "./traded-home.ts";

const last = (objects: () => readonly JsonObject[]): JsonObject => objects().at(-1) ?? {};

function auditTypes(database: string): readonly unknown[] {
  const client = new Database(database, { readonly: true });
  const types = client.prepare("SELECT type FROM journal WHERE account_id = 'program' ORDER BY sequence").pluck().all();
  client.close();
  return types;
}

describe("backup create", () => {
  it("makes a full one, then an increment on it, and writes both down", async () => {
    const home = tradedHome();
    const full = last((await home.run("backup create --json")).objects);
    expect(full).toMatchObject({ schema: "tapedeck.backup-created/1", mode: "paper", kind: "full", parent: null });
    home.trade("td-2");
    const { out, errors, code } = await home.run("backup create --incremental --json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: "incremental", parent: full["id"] });
    expect(errors().map(({ step }) => step)).toContain("proving");
    expect(auditTypes(home.database)).toEqual(["backup-created", "backup-created"]);
  });

  it("tells its progress as events before the result where a stream is asked for", async () => {
    const { objects } = await tradedHome().run("backup create -o ndjson");
    const schemas = objects().map(({ schema }) => schema);
    expect(schemas.at(-1)).toBe("tapedeck.backup-created/1");
    expect(new Set(schemas.slice(0, -1))).toEqual(new Set(["tapedeck.backup-progress/1"]));
  });

  it("draws a bar for a person and takes it away again", async () => {
    const { err, out } = await tradedHome().run("backup create", { tty: true });
    expect(err).toContain("100 %  packing");
    expect(err.endsWith("\r\u001b[K")).toBe(true);
    expect(out).toContain("It was read back and restores.");
  });

  it("refuses where there is no database, and makes none", async () => {
    const home = tradedHome();
    const elsewhere = join(home.path, "empty");
    const { code, errors } = await home.run("backup create --json", { env: { TAPEDECK_HOME: elsewhere } });
    expect({ code, error: last(errors) }).toMatchObject({
      code: 1,
      error: { error: { code: "BACKUP_SOURCE_MISSING" } },
    });
    expect(existsSync(join(elsewhere, "data", "console.db"))).toBe(false);
  });

  it("takes the configuration along without anything that may be a secret", async () => {
    const home = tradedHome('# hunter2 in a comment\ndefault_profile = "main"\n[profile.main]\nmode = "demo"\n');
    await home.run("backup create --json");
    const target = join(home.path, "again");
    await home.run(`backup restore latest --to ${target}`);
    const restored = readFileSync(join(target, "config", "config.toml"), "utf8");
    expect(restored).toContain('default_profile = "main"');
    expect(restored).not.toContain("hunter2");
  });
});

describe("a passphrase", () => {
  const secret = "correct horse battery";

  it("comes from a file, from a descriptor or from the keyboard, and is the same", async () => {
    const home = tradedHome();
    const file = join(home.path, "passphrase");
    writeFileSync(file, `${secret}\n`, { mode: 0o600 });
    const made = last((await home.run(`backup create --json --passphrase-file ${file}`)).objects);
    expect(made).toMatchObject({ sealed: true });
    const fd = openSync(file, "r");
    expect((await home.run(`backup verify latest --passphrase-fd ${fd}`)).code).toBe(0);
    const typed = await home.run("backup verify latest", { tty: true, secrets: [secret] });
    expect(typed).toMatchObject({ code: 0, questions: ["Passphrase of the backup: "] });
    expect(typed.out + typed.err).not.toContain(secret);
  });

  it("is asked for twice before it seals, and two that differ seal nothing", async () => {
    const home = tradedHome();
    const slip = await home.run("backup create --encrypt", { tty: true, secrets: [secret, "correct hose battery"] });
    expect(slip).toMatchObject({ code: 2 });
    expect(slip.err).toContain("BACKUP_PASSPHRASE_DIFFERS");
    expect(existsSync(home.backups)).toBe(false);
    expect((await home.run("backup create --encrypt", { tty: true, secrets: [secret, secret] })).code).toBe(0);
  });

  it.each([
    ["wrong", ["another horse entirely"], "BACKUP_PASSPHRASE_WRONG"],
    ["short", ["horse"], "BACKUP_PASSPHRASE_SHORT"],
  ])("that is %s is refused with a code of its own", async (_, secrets, code) => {
    const home = tradedHome();
    await home.run("backup create --encrypt", { tty: true, secrets: [secret, secret] });
    expect((await home.run("backup verify latest", { tty: true, secrets })).err).toContain(code);
  });

  it("is needed, and nobody is asked where there is no terminal", async () => {
    const home = tradedHome();
    await home.run("backup create --encrypt", { tty: true, secrets: [secret, secret] });
    const { code, errors } = await home.run("backup verify latest --json");
    expect({ code, error: last(errors) }).toMatchObject({
      code: 1,
      error: { error: { code: "BACKUP_PASSPHRASE_NEEDED" } },
    });
    expect((await home.run("backup create --encrypt --json")).code).toBe(2);
  });
});

describe("backup restore", () => {
  it("makes a home with the orders of then, and leaves the live one alone", async () => {
    const home = tradedHome();
    await home.run("backup create --json");
    home.trade("td-2");
    const target = join(home.path, "again");
    const { code, objects } = await home.run(`backup restore latest --to ${target}`);
    const restored = join(target, "data", "console.db");
    expect({ code, told: last(objects) }).toMatchObject({ code: 0, told: { home: target, database: restored } });
    expect(home.orders(restored)).toEqual(["td-1"]);
    expect(auditTypes(restored)).toEqual(["backup-restored", "device-renewed"]);
    // Two that go on from one state must not write under one name.
    const live = home.open();
    const other = home.open(restored);
    expect(other.status().deviceId).not.toBe(live.status().deviceId);
    expect(other.record.verify().filter(({ broken }) => broken !== undefined)).toEqual([]);
    live.close();
    other.close();
    expect(home.orders()).toEqual(["td-1", "td-2"]);
  });

  it("goes beside the database when no place is named, and never over anything", async () => {
    const home = tradedHome();
    await home.run("backup create --json");
    const first = last((await home.run("backup restore")).objects);
    expect(String(first["home"]).startsWith(join(home.path, "data", "restored-"))).toBe(true);
    const again = await home.run("backup restore --json");
    expect({ code: again.code, error: last(again.errors) }).toMatchObject({
      code: 1,
      error: { error: { code: "RESTORE_TARGET_EXISTS" } },
    });
  });

  it("replaces the live database only when that is typed, and keeps what was", async () => {
    const home = tradedHome();
    await home.run("backup create --json");
    home.trade("td-2");
    const no = await home.run("backup restore --in-place", { tty: true, answer: "yes" });
    expect(no).toMatchObject({ code: 2 });
    expect(home.orders()).toEqual(["td-1", "td-2"]);
    expect((await home.run("backup restore --in-place --json")).code).toBe(2);
    const yes = await home.run("backup restore --in-place -o ndjson", { tty: true, answer: "restore" });
    const told = last(yes.objects);
    expect(home.orders()).toEqual(["td-1"]);
    expect(home.orders(String(told["safetyCopy"]))).toEqual(["td-1", "td-2"]);
    // A new state of things begins a new chain, and what was made before is nobody's to remove.
    const next = last((await home.run("backup create --json")).objects);
    expect(next).toMatchObject({ kind: "full" });
    const rules = "--last 1 --daily 0 --weekly 0 --monthly 0 --yes";
    expect(last((await home.run(`backup prune ${rules}`)).objects)).toMatchObject({ removed: 0 });
  });

  it("refuses to replace a database that is open somewhere, and changes nothing", async () => {
    const home = tradedHome();
    await home.run("backup create --json");
    home.trade("td-2");
    const other = home.open();
    onTestFinished(() => {
      other.close();
    });
    const { code, errors } = await home.run("backup restore --in-place --yes --json");
    expect({ code, error: last(errors) }).toMatchObject({
      code: 1,
      error: { error: { code: "RESTORE_DATABASE_IN_USE" } },
    });
    expect(other.allOrders({})).toHaveLength(2);
    expect(readdirSync(join(home.path, "data")).filter((name) => name.includes("before-restore"))).toEqual([]);
  });

  it("replaces one that is no database any more, and keeps that, too", async () => {
    const home = tradedHome();
    await home.run("backup create --json");
    writeFileSync(home.database, "scribbled over");
    const told = last((await home.run("backup restore --in-place --yes")).objects);
    expect(home.orders()).toEqual(["td-1"]);
    expect(readFileSync(String(told["safetyCopy"]), "utf8")).toBe("scribbled over");
  });

  it("goes where the database is missing altogether", async () => {
    const home = tradedHome();
    await home.run("backup create --json");
    const elsewhere = join(home.path, "new");
    const line = `backup restore --in-place --yes --json --folder ${home.backups}`;
    const { code, objects } = await home.run(line, { env: { TAPEDECK_HOME: elsewhere } });
    expect({ code, told: last(objects) }).toMatchObject({ code: 0, told: { safetyCopy: null } });
    expect(home.orders(join(elsewhere, "data", "console.db"))).toEqual(["td-1"]);
  });
});

describe("backup verify", () => {
  it("proves one, or all with a verdict each", async () => {
    const home = tradedHome();
    const full = last((await home.run("backup create --json")).objects);
    home.trade("td-2");
    const next = last((await home.run("backup create --incremental --json")).objects);
    const bytes = readFileSync(String(next["file"]));
    // A bit of gzip's own sum.
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 4;
    writeFileSync(String(next["file"]), bytes);
    expect((await home.run(`backup verify ${String(full["id"])}`)).code).toBe(0);
    const { code, objects } = await home.run("backup verify --all --json");
    expect(code).toBe(9);
    expect(last(objects)["backups"]).toMatchObject([
      { id: next["id"], ok: false, code: "BACKUP_DAMAGED" },
      { id: full["id"], ok: true, code: null },
    ]);
  });

  it("drills a restore, writes it down and leaves nothing", async () => {
    const home = tradedHome();
    await home.run("backup create --json");
    expect((await home.run("backup verify --drill")).code).toBe(0);
    expect(auditTypes(home.database)).toEqual(["backup-created", "backup-drilled"]);
    expect(readdirSync(join(home.path, "state")).filter((name) => name.startsWith("drill"))).toEqual([]);
    expect(last((await home.run("backup schedule")).objects)).toMatchObject({ drilled: { fault: null }, concerns: [] });
  });

  it("tells a drill that failed wherever one looks, until one succeeds", async () => {
    const home = tradedHome();
    const made = last((await home.run("backup create --json")).objects);
    const file = String(made["file"]);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 30));
    expect((await home.run("backup verify --drill")).code).toBe(1);
    const { code, err } = await home.run("backup schedule");
    expect({ code, told: err.includes("restore drill failed") }).toEqual({ code: 9, told: true });
    writeFileSync(file, bytes);
    expect((await home.run("backup verify --drill")).code).toBe(0);
    expect((await home.run("backup schedule")).code).toBe(0);
  });
});

describe("backup prune", () => {
  it("says why each stays, removes the rest when it is typed, and touches no other file", async () => {
    const home = tradedHome();
    for (const id of ["td-2", "td-3"]) {
      await home.run("backup create --full --json");
      home.trade(id);
    }
    const newest = last((await home.run("backup create --full --json")).objects);
    const stranger = join(home.backups, "tapedeck-notes.tar.gz");
    writeFileSync(stranger, "mine");
    const rules = "--last 1 --daily 0 --weekly 0 --monthly 0";
    const dry = last((await home.run(`backup prune --dry-run ${rules}`)).objects);
    expect(dry).toMatchObject({ removed: 0, dryRun: true });
    expect(readdirSync(home.backups)).toHaveLength(4);
    expect((await home.run(`backup prune ${rules}`, { tty: true, answer: "y" })).code).toBe(2);
    expect(readdirSync(home.backups)).toHaveLength(4);
    expect(last((await home.run(`backup prune ${rules} --yes`)).objects)).toMatchObject({ removed: 2 });
    expect(readdirSync(home.backups).sort()).toEqual(
      [`tapedeck-${String(newest["id"])}-full.tar.gz`, "tapedeck-notes.tar.gz"].sort(),
    );
  });
});

describe("backup ls and show", () => {
  it("list what there is, newest first, and name a gap", async () => {
    const home = tradedHome();
    const full = last((await home.run("backup create --json")).objects);
    home.trade("td-2");
    await home.run("backup create --incremental --json");
    const listed = last((await home.run("backup ls")).objects);
    expect(listed["backups"]).toMatchObject([
      { kind: "incremental", links: 2 },
      { kind: "full", links: 1 },
    ]);
    expect(last((await home.run(`backup show ${String(full["id"])}`)).objects)).toMatchObject({
      id: full["id"],
      database: { rows: { orders: 1 } },
    });
    writeFileSync(String(full["file"]), "no archive");
    const gap = await home.run("backup ls");
    expect(gap.code).toBe(9);
    expect(last(gap.objects)).toMatchObject({ backups: [{ whole: false, links: null }] });
  });

  it.each([
    ["backup show nonsense", "USAGE"],
    ["backup show 20260101T000000Z-abcdef", "BACKUP_NOT_FOUND"],
    ["backup verify", "BACKUP_NOT_FOUND"],
    ["backup create --full --incremental", "USAGE"],
    ["backup create --include *.md", "USAGE"],
    ["backup restore --to /x --in-place", "USAGE"],
  ])("%s is refused with %s", async (line, code) => {
    expect((await tradedHome().run(line)).err).toContain(code);
  });
});

describe("backup schedule", () => {
  it("prints units for systemd that run this program in this home", async () => {
    const home = tradedHome("[backup]\nevery_hours = 6\n");
    const { out } = await home.run("backup schedule --systemd");
    expect(out).toContain(`Environment=TAPEDECK_HOME=${home.path}`);
    expect(out).toContain("backup create --prune --scheduled");
    expect(out).toContain("OnUnitActiveSec=360min");
  });

  it("refuses a configuration that means nothing", async () => {
    const { code, err } = await tradedHome('[backup]\nfolder = "relative"\n').run("backup ls");
    expect({ code, named: err.includes("backup.folder") }).toEqual({ code: 3, named: true });
  });
});
