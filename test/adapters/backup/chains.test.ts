import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { BackupId } from "../../../src/core/domain/backup/backup.ts";
import type { BackupHome } from "./backup-home.ts";
import { makeBackupHome, runOf, sha256Of } from "./backup-home.ts";

function backupHome(rows?: number): BackupHome {
  const home = makeBackupHome(rows);
  onTestFinished(() => {
    home.remove();
  });
  return home;
}

describe("a chain of increments", () => {
  it("twenty long gives every state it went through, byte for byte", async () => {
    const home = backupHome(2_000);
    const states: { readonly id: BackupId; readonly sha256: string }[] = [];
    for (let link = 0; link <= 20; link += 1) {
      if (link > 0) home.add(7 * link);
      if (link % 5 === 4) home.client.exec(`DELETE FROM fills WHERE id < '${String(link * 40).padStart(8, "0")}'`);
      if (link === 10) home.client.exec("VACUUM");
      const kind = link === 0 ? "full" : "incremental";
      const sha256 = await home.liveCopySha256();
      const { backup } = await home.archive.create(home.request({ kind }), runOf());
      states.push({ id: backup.id, sha256 });
    }
    for (const [index, { id, sha256 }] of states.entries()) {
      const target = join(home.folder, `restored-${index}`);
      const { links } = await home.archive.restoreTo(id, target, runOf(), () => undefined);
      expect(links).toHaveLength(index + 1);
      expect(sha256Of(readFileSync(join(target, "data", "console.db"))), `link ${index}`).toBe(sha256);
    }
  }, 60_000);

  it("gives the live database whatever was done to it between", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("add"), count: fc.integer({ min: 1, max: 3_000 }) }),
      fc.record({ kind: fc.constant("delete"), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ kind: fc.constant("rewrite"), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ kind: fc.constant("blob"), bytes: fc.integer({ min: 1, max: 60_000 }) }),
      fc.constant({ kind: "vacuum" as const }),
      fc.constant({ kind: "index" as const }),
    );
    const runs = fc.array(fc.array(step, { maxLength: 3 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(runs, async (rounds) => {
        const home = makeBackupHome(200);
        try {
          await home.archive.create(home.request({ kind: "full" }), runOf());
          for (const steps of rounds) {
            for (const each of steps) act(home, each);
            const sha256 = await home.liveCopySha256();
            const { backup } = await home.archive.create(home.request({ kind: "incremental" }), runOf());
            const { manifest } = await home.archive.verify(backup.id, runOf());
            expect(manifest.database.sha256).toBe(sha256);
          }
        } finally {
          home.remove();
        }
      }),
      { numRuns: 7 },
    );
  }, 60_000);
});

type Step =
  | { readonly kind: "add"; readonly count: number }
  | { readonly kind: "delete" | "rewrite"; readonly share: number }
  | { readonly kind: "blob"; readonly bytes: number }
  | { readonly kind: "vacuum" | "index" };

function act({ client, add }: BackupHome, step: Step): void {
  const chosen =
    "share" in step
      ? `substr(v, 1, 2) < '${Math.floor(step.share * 255)
          .toString(16)
          .padStart(2, "0")}'`
      : "";
  switch (step.kind) {
    case "add":
      add(step.count);
      return;
    case "delete":
      client.exec(`DELETE FROM fills WHERE ${chosen}`);
      return;
    case "rewrite":
      client.exec(`UPDATE fills SET v = v || 'x' WHERE ${chosen}`);
      return;
    case "blob":
      client.prepare("INSERT INTO notes(v) VALUES(zeroblob(?))").run(step.bytes);
      return;
    case "vacuum":
      client.exec("VACUUM");
      return;
    case "index":
      client.exec("DROP INDEX IF EXISTS by_v; CREATE INDEX by_v ON fills(v)");
  }
}
