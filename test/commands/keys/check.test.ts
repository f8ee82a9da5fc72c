import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createFakeApp } from "../fake-app.ts";
import { runLine } from "../run-line.ts";

const DAY_MS = 86_400_000;
let home: string;
let simulator: RunningSimulator;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "tapedeck-keys-"));
  simulator = await startSimulator({ seed: 5, symbolCount: 6 });
});
afterAll(async () => {
  await simulator.close();
  rmSync(home, { recursive: true });
});

interface Report {
  readonly usable: boolean;
  readonly findings?: readonly { readonly level: string; readonly code: string; readonly next: string }[];
}

/** Runs the command on the simulated exchange, with the key altered first. */
async function check(over: object = {}, secret = simulator.apiSecret, words: readonly string[] = ["keys", "check"]) {
  const usual = {
    apiKey: simulator.apiKey,
    permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_READ", "SPOT_DEAL_WRITE"],
    ipWhiteList: ["127.0.0.1"],
    symbols: null,
    remainingValidity: -999,
    status: "VALID",
  };
  const told = await fetch(`${simulator.restUrl}/_sim/keys`, {
    method: "POST",
    body: JSON.stringify({ ...usual, ...over }),
  });
  if (!told.ok) throw new Error(await told.text());
  const env = {
    TAPEDECK_HOME: home,
    TAPEDECK_REST_URL: simulator.restUrl,
    TAPEDECK_WS_URL: simulator.wsUrl,
    MEXC_API_KEY: simulator.apiKey,
    MEXC_API_SECRET: secret,
  };
  const ran = await runLine(words, undefined, { env, services: { createApp } });
  const report = words.includes("table") ? undefined : (ran.objects() as unknown as readonly (Report | undefined)[])[0];
  return { ...ran, report, codes: report?.findings?.map((finding) => finding.code) };
}

describe("keys check", () => {
  it("is content with a key that may read and trade, and prints neither key nor secret", async () => {
    const { code, report, out, err } = await check();
    expect({ code, report }).toMatchObject({
      code: 0,
      report: { usable: true, findings: [], status: "valid", permanent: true, daysLeft: null, ipList: ["127.0.0.1"] },
    });
    expect(out + err).not.toContain(simulator.apiKey);
    expect(out + err).not.toContain(simulator.apiSecret);
  });

  it.each<[string, object, readonly string[]]>([
    [
      "may withdraw",
      { permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_READ", "SPOT_DEAL_WRITE", "SPOT_WITHDRAW_WRITE"] },
      ["KEY_MAY_WITHDRAW"],
    ],
    [
      "is bound to no address, near its ninety days",
      { ipWhiteList: [], remainingValidity: 5 },
      ["KEY_EXPIRES_SOON", "KEY_NO_IP_LIST"],
    ],
    ["has a list of symbols", { symbols: ["BTCUSDT"] }, ["KEY_SYMBOL_LIST"]],
    ["may not trade", { permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_READ"] }, ["KEY_CANNOT_TRADE"]],
  ])("warns with exit 0 of a key that %s", async (_name, over, found) => {
    const { code, codes, report } = await check(over);
    expect({ code, codes, usable: report?.usable }).toEqual({ code: 0, codes: found, usable: true });
  });

  it.each<[string, object]>([
    ["is frozen", { status: "FROZEN" }],
    ["is deleted", { status: "DELETE" }],
    ["has expired", { ipWhiteList: [], remainingValidity: 0 }],
    ["may not read", { permissions: ["SPOT_DEAL_WRITE"] }],
    ["is used from another address", { ipWhiteList: ["203.0.113.7"] }],
  ])("ends with 4 for a key that %s", async (_name, over) => {
    const { code, errors } = await check(over);
    expect(code).toBe(4);
    expect(errors()).toMatchObject([{ schema: "tapedeck.error/1", error: { hint: expect.any(String) as unknown } }]);
  });

  it("ends with 4 for a wrong secret", async () => {
    const { code, errors } = await check({}, "wrong-secret");
    expect({ code, errors: errors() }).toMatchObject({ code: 4, errors: [{ error: { code: "SIGNATURE_REFUSED" } }] });
  });

  it("tells a person what to do about each finding", async () => {
    const env = { ipWhiteList: [], remainingValidity: 3, createdDaysAgo: 87 };
    const { out } = await check(env, undefined, ["keys", "check", "-o", "table", "--no-color"]);
    expect(out).toMatch(/used from +any address\n/);
    expect(out).toMatch(/warning: The key expires in 3 days\. \(KEY_EXPIRES_SOON\)\n +→ Renew it/);
    const { report } = await check(env);
    expect(Date.parse((report as unknown as { createdAt: string }).createdAt)).toBeLessThan(Date.now() - 86 * DAY_MS);
  });

  it("is what doctor says of the key, too", async () => {
    const permissions = ["SPOT_ACCOUNT_READ", "SPOT_DEAL_READ", "SPOT_DEAL_WRITE", "SPOT_WITHDRAW_WRITE"];
    const { code, objects } = await check({ permissions }, undefined, ["doctor"]);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([
      {
        healthy: true,
        checks: expect.arrayContaining([
          expect.objectContaining({ name: "key rights", status: "warn", detail: "The key may withdraw." }),
          expect.objectContaining({
            name: "markets",
            status: "ok",
            detail: expect.stringMatching(/^\d+ of \d+ take orders$/) as unknown,
          }),
        ]) as unknown,
        exchange: { clockOffsetMs: expect.any(Number) as unknown, weight: { most: 300 }, pause: null },
      },
    ]);
  });
});

describe("without keys", () => {
  it("ends with 4, and says when a key that is set is not used", async () => {
    const none = await runLine(["keys", "check"], createFakeApp({ accountId: undefined, mode: "paper" }).app, {
      env: {},
    });
    expect({ code: none.code, errors: none.errors() }).toMatchObject({
      code: 4,
      errors: [{ error: { code: "KEYS_MISSING" } }],
    });
    const unused = await runLine(["keys", "check"], createFakeApp({ accountId: undefined, mode: "paper" }).app, {
      env: { MEXC_API_KEY: "mx0secretkey" },
    });
    expect(unused.errors()).toMatchObject([{ error: { hint: expect.stringContaining("--profile NAME") as unknown } }]);
    expect(unused.err).not.toContain("mx0secretkey");
  });
});
