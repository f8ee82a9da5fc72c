import { expect, it } from "vitest";
import { checkRestored, createBackupScenario } from "./backup-scenario.ts";

it("restores what it has backed up, and times each way beside a plain copy", async () => {
  const { tables } = await createBackupScenario().run({ seed: 7, rounds: 1, size: 0.01 });
  expect(tables[0]?.rows.map(([name]) => name)).toContain("SQLite .backup");
  for (const [name, ms] of tables[0]?.rows ?? []) expect(Number(ms), name).toBeGreaterThanOrEqual(0);
}, 60_000);

it("fails when another database came back", () => {
  const database = { sha256: "a", bytes: 1, pageBytes: 4096, schemaVersion: 1, schemaSha256: "b", rows: {} };
  const made = { manifest: { database } } as unknown as Parameters<typeof checkRestored>[1];
  checkRestored(database, made);
  expect(() => checkRestored({ ...database, sha256: "c" }, made)).toThrow(/another database/);
});
