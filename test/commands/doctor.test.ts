import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { App } from "../../src/app/app.ts";
import type { BackupStatus } from "../../src/app/backups.ts";
import { NO_NOTES } from "../../src/core/domain/backup/backup-notes.ts";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import { clientOrderId } from "../../src/core/domain/identifiers.ts";
import { createFakeApp, unreachable } from "./fake-app.ts";
import { runLine } from "./run-line.ts";

const UNWELL_BACKUPS: BackupStatus = {
  schedule: { everyMs: 86_400_000, drillEveryMs: undefined },
  notes: NO_NOTES,
  isBackupDue: true,
  isDrillDue: false,
  missedSince: 1,
  concerns: [],
};

const ENV = { MEXC_API_KEY: "mx0secretkey", MEXC_API_SECRET: "verysecret" };

async function doctor(over: Partial<App> = {}, env: Readonly<Record<string, string>> = ENV) {
  const { code, out, objects } = await runLine(["doctor"], createFakeApp(over).app, { env });
  const [report] = objects() as unknown as readonly {
    readonly healthy: boolean;
    readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
  }[];
  const status = Object.fromEntries((report?.checks ?? []).map((check) => [check.name, check.status]));
  return { code, out, healthy: report?.healthy, status };
}

describe("doctor", () => {
  it("is content with a machine that works, and prints no key", async () => {
    const { code, out, healthy, status } = await doctor();
    expect({ code, healthy }).toEqual({ code: 0, healthy: true });
    expect(status).toMatchObject({ node: "ok", mode: "ok", exchange: "ok", clock: "ok", keys: "ok", account: "ok" });
    expect(out).not.toMatch(/mx0secretkey|verysecret/);
  });

  it("tells the hash of the stored state, for comparing two moments or machines", async () => {
    const { out } = await doctor();
    expect(JSON.parse(out)).toMatchObject({ stateHash: "00000000000002a" });
  });

  it("fails when the exchange is away, or the clocks are apart", async () => {
    const { marketData } = createFakeApp().app;
    const away = await doctor({ marketData: { ...marketData, fetchClockOffset: () => Promise.reject(unreachable()) } });
    expect(away).toMatchObject({ code: 1, healthy: false, status: { exchange: "fail" } });
    const apart = await doctor({ marketData: { ...marketData, fetchClockOffset: () => Promise.resolve(-10_000) } });
    expect(apart).toMatchObject({ code: 1, status: { exchange: "ok", clock: "fail" } });
    const uneasy = await doctor({ marketData: { ...marketData, fetchClockOffset: () => Promise.resolve(1_500) } });
    expect(uneasy).toMatchObject({ code: 0, status: { clock: "warn" } });
  });

  it("says how the account is", async () => {
    const none = await doctor({ accountId: undefined }, {});
    expect(none).toMatchObject({ code: 0, status: { keys: "warn", account: "warn" } });
    const summary = {
      takenBalances: [],
      ordersChecked: 1,
      fillsAdded: 0,
      foreignFound: 0,
      unresolved: [clientOrderId("td-1")],
      differences: [],
    };
    expect(await doctor({ reconcile: () => Promise.resolve(summary) })).toMatchObject({ status: { account: "warn" } });
    expect(await doctor({ reconcile: () => Promise.reject(unreachable()) })).toMatchObject({ code: 1 });
  });

  it("warns of backups that are not well, and says when there are none by themselves", async () => {
    expect(await doctor()).toMatchObject({ code: 0, status: { backups: "ok" } });
    const concerns = ["A backup was missed: the last one is 31 h old."];
    const backupStatus = () => ({ ...UNWELL_BACKUPS, concerns });
    const late = await doctor({ backupStatus });
    expect(late).toMatchObject({ code: 0, status: { backups: "warn" } });
    expect(late.out).toContain("31 h old");
  });

  it("reports a configuration that cannot be used with 3", async () => {
    const fault = new AppError({ code: "CONFIG_INVALID", message: "Broken.", exitCode: EXIT_CODES.configuration });
    const createApp = () => Promise.reject(fault);
    const { code, objects } = await runLine(["doctor"], undefined, { services: { createApp } });
    expect(code).toBe(3);
    expect(objects()).toMatchObject([{ mode: null, healthy: false }]);
  });

  it.skipIf(process.platform === "win32")("warns of files that others may read", async () => {
    const home = mkdtempSync(join(tmpdir(), "tapedeck-doctor-"));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    mkdirSync(join(home, "data"), { mode: 0o700 });
    const databaseFile = join(home, "data", "console.db");
    writeFileSync(databaseFile, "", { mode: 0o600 });
    chmodSync(databaseFile, 0o644);
    const { places } = createFakeApp().app;
    const { code, status } = await doctor({ places: { ...places, databaseFile } });
    expect(code).toBe(0);
    expect(status).toMatchObject({ database: "warn", "data folder": "ok" });
  });
});
