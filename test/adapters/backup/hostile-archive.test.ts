import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gzipSync } from "node:zlib";
import type { CreatedBackup } from "../../../src/core/ports/backup-archive.ts";
import {
  addListedFile,
  headerOf,
  part,
  patchHeader,
  readParts,
  rewriteManifest,
  writeParts,
} from "./archive-surgery.ts";
import type { BackupHome } from "./backup-home.ts";
import { filesIn, makeBackupHome, runOf } from "./backup-home.ts";

let home: BackupHome;
let made: CreatedBackup;
let original: Buffer;
beforeAll(async () => {
  home = makeBackupHome(50);
  made = await home.archive.create(home.request(), runOf());
  original = readFileSync(made.path);
});
beforeEach(() => {
  for (const folder of [home.backups, target()]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(home.backups);
  writeFileSync(made.path, original);
});
afterAll(() => {
  home.remove();
});

const EVIL = Buffer.from("evil");
const target = () => join(home.folder, "restored");

/** What a restore says to it. Whatever it is, nothing may have been put anywhere. */
async function refusal(): Promise<string> {
  const before = filesIn(home.folder);
  const code = await home.archive
    .restoreTo(made.backup.id, target(), runOf(), () => undefined)
    .then(
      () => "ACCEPTED",
      (fault: Error & { readonly code?: string }) => fault.code ?? fault.message,
    );
  if (code !== "ACCEPTED") expect(filesIn(home.folder)).toEqual(before);
  return code;
}

describe("an archive somebody else wrote", () => {
  it("is taken when nothing is wrong with it: the surgery itself does no harm", async () => {
    writeParts(made.path, readParts(made.path));
    addListedFile(made.path, "extra/1/kind.md", Buffer.from("words"));
    expect(await refusal()).toBe("ACCEPTED");
    expect(readFileSync(join(target(), "extra", "1", "kind.md"), "utf8")).toBe("words");
  });

  it.each([
    "../../etc/cron.d/evil",
    "/etc/cron.d/evil",
    "extra/1/../../../evil",
    "extra/1/./evil",
    "extra/1//evil",
    "extra/../evil",
    "extra/1/..\\..\\evil",
    "extra/1/C:evil",
    "extra/1/evil\u202egpj",
    "extra/1/evil\n",
    "extra/1/evil.",
    "extra/0/evil",
    "evil",
    "console.db/evil",
  ])("cannot name a file %j, in its manifest or behind its back", async (name) => {
    const unlisted = readParts(made.path);
    writeParts(made.path, [...unlisted, part(name, EVIL)]);
    expect(await refusal()).toBe("BACKUP_HOSTILE");
    writeFileSync(made.path, original);
    addListedFile(made.path, name, EVIL);
    expect(["BACKUP_HOSTILE", "BACKUP_DAMAGED"]).toContain(await refusal());
  });

  it.each([
    ["a symbolic link", { type: "SymbolicLink", linkpath: "/etc" }],
    ["a hard link", { type: "Link", linkpath: "/etc/shadow" }],
    ["a folder", { type: "Directory" }],
    ["a device", { type: "CharacterDevice", devmaj: 1, devmin: 3 }],
    ["a pipe", { type: "FIFO" }],
    ["a contiguous file", { type: "ContiguousFile" }],
    ["an extended header of pax", { type: "ExtendedHeader" }],
    ["a global header of pax", { type: "GlobalExtendedHeader" }],
    ["a long name of GNU", { type: "NextFileHasLongPath" }],
    ["a long link of GNU", { type: "NextFileHasLongLinkpath" }],
    ["a sparse file of GNU", { type: "SparseFile" }],
    ["a set-user-id bit", { mode: 0o4755 }],
    ["another owner", { uid: 1_000, gid: 1_000 }],
    ["another time", { mtime: new Date(1_000_000) }],
  ] as const)("cannot hold %s", async (_, data) => {
    const name = "extra/1/evil";
    const content = "type" in data ? Buffer.alloc(0) : EVIL;
    addListedFile(made.path, name, content, data);
    expect(await refusal()).toBe("BACKUP_HOSTILE");
  });

  it("cannot stretch a name by a prefix, a NUL or another notation of its size", async () => {
    const [first, ...rest] = readParts(made.path);
    if (first === undefined) throw new Error("there is a manifest");
    const patches: readonly ((block: Buffer) => void)[] = [
      (block) => block.write("../..", 345, "latin1"),
      (block) => block.write("manifest.json\0../evil", 0, "latin1"),
      (block) => block.write(" ", 124, "latin1"),
      (block) => (block[156] = 0),
      (block) => block.write("root", 265, "latin1"),
      (block) => (block[500] = 1),
    ];
    for (const patch of patches) {
      writeParts(made.path, [{ ...first, header: patchHeader(first.header, patch) }, ...rest]);
      expect(await refusal()).toMatch(/^BACKUP_(HOSTILE|DAMAGED)$/);
    }
  });

  it("cannot hold a file twice, too few, too many, or in another order", async () => {
    const parts = readParts(made.path);
    const [manifest, hashes, database] = parts;
    if (manifest === undefined || hashes === undefined || database === undefined) throw new Error("three files");
    for (const wrong of [
      [manifest, hashes, database, database],
      [manifest, hashes, hashes, database],
      [manifest, manifest, hashes, database],
      [manifest, hashes],
      [manifest, database, hashes],
      [hashes, manifest, database],
      [manifest, hashes, database, part("config.toml", EVIL)],
    ]) {
      writeParts(made.path, wrong);
      expect(await refusal()).toMatch(/^BACKUP_(HOSTILE|DAMAGED)$/);
    }
    rewriteManifest(made.path, ({ files }) => files.push(...files.slice(-1)));
    expect(await refusal()).toMatch(/^BACKUP_(HOSTILE|DAMAGED)$/);
  });

  it("cannot hold other content than its manifest says, in a file nothing else proves", async () => {
    addListedFile(made.path, "extra/1/kind.md", Buffer.from("kind"));
    const parts = readParts(made.path);
    writeParts(made.path, [...parts.slice(0, -1), part("extra/1/kind.md", EVIL)]);
    expect(await refusal()).toBe("BACKUP_DAMAGED");
  });

  it("cannot have a file become the folder of another", async () => {
    addListedFile(made.path, "extra/1/a", EVIL);
    addListedFile(made.path, "extra/1/a/b", EVIL);
    expect(await refusal()).toBe("RESTORE_FAILED");
  });

  it("cannot have two names that are one where letters have no case", async () => {
    addListedFile(made.path, "extra/1/a", EVIL);
    addListedFile(made.path, "extra/1/A", EVIL);
    expect(await refusal()).toBe("BACKUP_DAMAGED");
  });
});

describe("a bomb", () => {
  it("that announces more than the disk holds is not begun", async () => {
    rewriteManifest(made.path, (manifest) => {
      const bytes = 2 ** 50;
      manifest.database["bytes"] = bytes;
      for (const file of manifest.files) file.bytes = file.name === "console.db" ? bytes : (bytes / 4096) * 16;
    });
    const startedAt = performance.now();
    expect(await refusal()).toBe("BACKUP_TOO_LARGE");
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it("in the place of the manifest, of a file, or behind the end is refused as it is met", async () => {
    const parts = readParts(made.path);
    const zeros = Buffer.alloc(64 << 20);
    writeFileSync(made.path, gzipSync(Buffer.concat([headerOf({ path: "manifest.json", size: zeros.length }), zeros])));
    expect(await refusal()).toMatch(/^BACKUP_(HOSTILE|DAMAGED)$/);
    writeParts(made.path, [...parts.slice(0, 2), part("console.db", zeros)]);
    expect(await refusal()).toBe("BACKUP_HOSTILE");
    writeParts(made.path, parts);
    writeFileSync(made.path, Buffer.concat([readFileSync(made.path), gzipSync(zeros)]));
    expect(await refusal()).toBe("BACKUP_DAMAGED");
  });
});

describe("a chain somebody tampered with", () => {
  it("is refused where a parent of the same name holds another state", async () => {
    home.add(5_000);
    const full = await home.archive.create(home.request({ kind: "full" }), runOf());
    home.add(10);
    const next = await home.archive.create(home.request({ kind: "incremental" }), runOf());
    home.client.exec("UPDATE fills SET v = 'other' WHERE id < '00000100'");
    const other = await home.archive.create(home.request({ kind: "full" }), runOf());
    rewriteManifest(other.path, ({ summary }) => (summary["id"] = full.backup.id), full.path);
    await expect(home.archive.verify(next.backup.id, runOf())).rejects.toMatchObject({ code: "BACKUP_PARENT_WRONG" });
    // The forged full one by itself is sound: only the chain shows that it is not the one that was built on.
    expect((await home.archive.verify(full.backup.id, runOf())).links).toHaveLength(1);
  });

  it("is refused where a link is missing, with the name of what is missing", async () => {
    home.add(5_000);
    const links: CreatedBackup[] = [await home.archive.create(home.request({ kind: "full" }), runOf())];
    for (const _ of [1, 2, 3]) {
      home.add(10);
      links.push(await home.archive.create(home.request({ kind: "incremental" }), runOf()));
    }
    const [, gone, , last] = links;
    if (gone === undefined || last === undefined) throw new Error("four links");
    home.archive.remove([gone.backup]);
    await expect(home.archive.verify(last.backup.id, runOf())).rejects.toMatchObject({
      code: "BACKUP_CHAIN_BROKEN",
      message: expect.stringContaining(gone.backup.id) as string,
    });
  });

  it("is refused where a file bears the name of another backup", async () => {
    const other = await home.archive.create(home.request({ kind: "full" }), runOf("a passphrase"));
    const sealed = await home.archive.create(home.request({ kind: "full" }), runOf("a passphrase"));
    copyFileSync(other.path, sealed.path);
    await expect(home.archive.verify(sealed.backup.id, runOf("a passphrase"))).rejects.toMatchObject({
      code: "BACKUP_DAMAGED",
    });
  });

  it("is refused where the parents lead in a circle", async () => {
    home.add(5_000);
    await home.archive.create(home.request({ kind: "full" }), runOf());
    home.add(10);
    const next = await home.archive.create(home.request({ kind: "incremental" }), runOf());
    rewriteManifest(next.path, (manifest) => {
      manifest.summary["parent"] = next.backup.id;
      manifest["parent"] = { id: next.backup.id, databaseSha256: next.manifest.database.sha256 };
    });
    await expect(home.archive.verify(next.backup.id, runOf())).rejects.toMatchObject({ code: "BACKUP_CHAIN_BROKEN" });
  });
});

describe("a restore", () => {
  it("follows no link that stands where its home should be", async () => {
    const elsewhere = join(home.folder, "elsewhere");
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, "mine"), "mine");
    symlinkSync(elsewhere, target());
    expect(await refusal()).toBe("RESTORE_TARGET_EXISTS");
    expect(filesIn(elsewhere)).toEqual(["mine"]);
  });

  it("gives every file to the owner alone", async () => {
    addListedFile(made.path, "extra/1/kind.md", Buffer.from("words"));
    expect(await refusal()).toBe("ACCEPTED");
    for (const path of ["data/console.db", "extra/1/kind.md"])
      expect(statSync(join(target(), path)).mode & 0o777).toBe(0o600);
    expect(statSync(target()).mode & 0o777).toBe(0o700);
    expect(existsSync(join(target(), "data", "console.db-wal"))).toBe(false);
  });
});
