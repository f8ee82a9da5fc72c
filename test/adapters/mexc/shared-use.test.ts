import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";
import { createRateBudget } from "../../../src/adapters/mexc/rest/rate-budget.ts";
import type { RestResult } from "../../../src/adapters/mexc/rest/rest-result.ts";
import { openSharedUse } from "../../../src/adapters/mexc/rest/shared-use.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createManualClock } from "../../manual-clock.ts";

const REST = "https://api.mexc.com";
const ORDER = { weight: 0, isOrderAction: true, lane: "order" } as const;
const ACCOUNT = { weight: 10, isOrderAction: false, lane: "account" } as const;
const signal = new AbortController().signal;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "tapedeck-use-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** Processes that share one file, on one clock. */
function setup(file = join(folder(), "use.ndjson")) {
  const manual = createManualClock();
  const warnings: string[] = [];
  const logger = { info: () => undefined, error: () => undefined, warn: (text: string) => void warnings.push(text) };
  const open = (restUrl = REST) => {
    const shared = openSharedUse({ file, restUrl, clock: manual.clock, logger });
    onTestFinished(() => shared.close());
    return { shared, budget: createRateBudget(manual.clock, shared) };
  };
  return { ...manual, file, warnings, open };
}

describe("the use of the exchange's limits", () => {
  it("is counted over all processes, and ends one window after the answer", async () => {
    const { open, advance } = setup();
    const [one, two] = [open(), open()];
    const first = await one.budget.admit({ ...ACCOUNT, weight: 295 }, signal);
    expect(two.budget.use().weight).toEqual({ used: 295, most: 300 });
    let went = false;
    void two.budget.admit(ACCOUNT, signal).then((admission) => {
      went = admission.kind === "go";
    });
    await advance(1_000);
    expect(went).toBe(false);
    if (first.kind === "go") first.done(200, undefined);
    await advance(1_000);
    expect(two.budget.use().weight.used).toBe(295);
    // The patience of the account's lane is shorter than the window: it is told to wait.
    await advance(10_000);
    expect(two.budget.use().weight.used).toBe(0);
    expect((await two.budget.admit(ACCOUNT, signal)).kind).toBe("go");
  });

  it("never exceeds twelve orders a second between three processes", async () => {
    const { open, advance, clock } = setup();
    const processes = [open(), open(), open()];
    const at: number[] = [];
    for (let count = 0; count < 36; count += 1) {
      void processes[count % 3]?.budget.admit(ORDER, signal).then((admission) => {
        if (admission.kind !== "go") return;
        at.push(clock.now());
        admission.done(200, undefined);
      });
    }
    await advance(2_500);
    expect(at.length).toBeGreaterThanOrEqual(24);
    for (const begin of at)
      expect(at.filter((one) => one >= begin && one < begin + 1_000).length).toBeLessThanOrEqual(12);
  });

  it("lets whoever comes second take their request back", async () => {
    const { open } = setup();
    const [one, two] = [open(), open()];
    for (let count = 0; count < 11; count += 1) await one.budget.admit(ORDER, signal);
    // Both look, see room for one, and put theirs down.
    const early = one.shared.reserve(ORDER);
    const late = two.shared.reserve(ORDER);
    expect([early.before.length, late.before.length]).toEqual([0, 12]);
    late.retract();
    expect(one.shared.look().others).toEqual([]);
  });

  it("of one exchange is none of another's, be it simulated or not", async () => {
    const { open } = setup();
    await open().budget.admit(ACCOUNT, signal);
    const simulated = "http://127.0.0.1:9";
    expect(open(simulated).budget.use().weight.used).toBe(0);
    await open(simulated).budget.admit(ACCOUNT, signal);
    await open(simulated).budget.admit(ACCOUNT, signal);
    expect([open(simulated).budget.use().weight.used, open().budget.use().weight.used]).toEqual([20, 10]);
  });

  it("of a process that died on the way ends by itself", async () => {
    const { open, advance } = setup();
    await open().budget.admit({ ...ACCOUNT, weight: 300 }, signal);
    const survivor = open();
    await advance(20_000);
    expect(survivor.budget.use().weight.used).toBe(300);
    await advance(6_000);
    expect(survivor.budget.use().weight.used).toBe(0);
  });

  it("is taken back once the exchange says that it counts nothing", async () => {
    const { open } = setup();
    const one = open();
    await one.budget.admit({ ...ACCOUNT, weight: 150 }, signal);
    const under = await one.budget.admit({ ...ACCOUNT, weight: 100 }, signal);
    expect(open().budget.use().weight.used).toBe(250);
    one.shared.stopCounting();
    if (under.kind === "go") under.done(200, undefined);
    await one.budget.admit(ACCOUNT, signal);
    expect(open().budget.use().weight.used).toBe(0);
  });

  it("survives lines that are none", async () => {
    const { open, file, warnings } = setup();
    const bad = [
      "{",
      "null",
      "[]",
      '{"x":1}',
      '{"__proto__":{"untilMs":9e15}}',
      `{"x":"${"y".repeat(9_999)}"}`,
      "\u0000",
      "",
    ];
    writeFileSync(file, `${bad.join("\n")}\n`);
    const one = open();
    await one.budget.admit(ACCOUNT, signal);
    appendFileSync(file, '{"torn');
    expect(open().budget.use().weight.used).toBe(10);
    expect([one.budget.pause(), warnings]).toEqual([undefined, []]);
  });

  it("is counted alone, with one warning, where the file cannot be used", async () => {
    const { open, warnings } = setup(join(folder(), "no", "such", "folder"));
    const { budget } = open();
    await budget.admit(ACCOUNT, signal);
    await budget.admit(ACCOUNT, signal);
    expect([budget.use().weight.used, warnings.length]).toEqual([20, 1]);
  });

  it("takes a bounded file, and keeps a pause when it is written anew", async () => {
    const { open, file, advance } = setup();
    const [one, two] = [open(), open()];
    const told = await one.budget.admit(ORDER, signal);
    if (told.kind === "go") told.done(418, 100_000);
    for (let count = 0; count < 6_000; count += 1) {
      one.shared.reserve(ORDER).end();
      if (count % 20 === 0) await advance(1_000);
    }
    expect(statSync(file).size).toBeLessThan(300 * 1024);
    expect(two.budget.pause()).toMatchObject({ tradingForMs: expect.any(Number) as unknown });
    expect(open().budget.pause()?.why).toMatch(/418/);
  });
});

describe("a pause", () => {
  it("lasts as long as it was told, whoever sets the clock meanwhile", async () => {
    const file = join(folder(), "use.ndjson");
    let wall = 1_800_000_000_000;
    let monotonic = 50;
    const clock = { now: () => wall, monotonic: () => monotonic, sleep: () => Promise.resolve() };
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const shared = openSharedUse({ file, restUrl: REST, clock, logger });
    onTestFinished(() => shared.close());
    const budget = createRateBudget(clock, shared);
    const admission = await budget.admit(ORDER, signal);
    if (admission.kind === "go") admission.done(429, 20);
    expect(budget.pause()?.forMs).toBe(20_000);
    wall += 3_600_000;
    monotonic += 5_000;
    expect(budget.pause()?.forMs).toBe(15_000);
    wall -= 2 * 3_600_000;
    monotonic += 5_000;
    expect(budget.pause()?.forMs).toBe(10_000);
    monotonic += 10_000;
    expect(budget.pause()).toBeUndefined();
  });

  it("is shared whether the exchange has named its length or not, also of a simulated one", async () => {
    const { open } = setup();
    const hit = async (status: number, seconds?: number) => {
      const restUrl = `http://127.0.0.1:${status}/${seconds ?? ""}`;
      const admission = await open(restUrl).budget.admit(ORDER, signal);
      if (admission.kind === "go") admission.done(status, seconds);
      return open(restUrl).budget.pause()?.forMs;
    };
    expect([await hit(429, 7), await hit(403), await hit(429)]).toEqual([7_000, 90_000, 10_000]);
  });

  it("that one process was told is obeyed by all, also by those that start later", async () => {
    const { open, advance } = setup();
    const [one, two] = [open(), open()];
    const hit = await one.budget.admit(ORDER, signal);
    if (hit.kind === "go") hit.done(429, 30);
    expect(await two.budget.admit(ORDER, signal)).toMatchObject({ kind: "wait", forMs: 30_000 });
    expect(await open().budget.admit(ACCOUNT, signal)).toMatchObject({
      kind: "wait",
      why: expect.stringMatching(/429/) as unknown,
    });
    await advance(30_000);
    expect(two.budget.pause()).toBeUndefined();
    expect((await two.budget.admit(ORDER, signal)).kind).toBe("go");
  });
});

it("two clients on an exchange that enforces its limits never get a 429 between them", async () => {
  const simulator = await startSimulator({ symbolCount: 4, limits: true });
  onTestFinished(() => simulator.close());
  const file = join(folder(), "use.ndjson");
  const clock = createSystemClock();
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const clients = [1, 2].map(() => {
    const { restUrl, apiKey, apiSecret } = simulator;
    const sharedUse = openSharedUse({ file, restUrl, clock, logger });
    const client = createRestClient({ restUrl, keys: { apiKey, apiSecret: Buffer.from(apiSecret) }, clock, sharedUse });
    onTestFinished(() => client.close());
    return client;
  });
  const cancel = { method: "DELETE", path: "/api/v3/order", params: { symbol: "MXUSDT", orderId: "C02__1" } } as const;
  const depth = { method: "GET", path: "/api/v3/depth", params: { symbol: "MXUSDT" } } as const;
  const results = await Promise.all(
    clients.flatMap((client) => [
      ...Array.from({ length: 12 }, () => client.call({ ...cancel, signed: true, signal })),
      ...Array.from({ length: 10 }, () => client.call({ ...depth, signed: false, signal })),
    ]),
  );
  const status = (result: RestResult) => ("status" in result ? result.status : undefined);
  expect(results.map(status)).not.toContain(429);
  // On a machine too busy to keep pace some run out of patience; then they say so and were never sent.
  const unsent = results.filter((result) => result.kind === "not-sent");
  expect(unsent.filter(({ code }) => code !== "RATE_LIMITED")).toEqual([]);
  expect(results.filter((result) => result.kind === "ok" || result.kind === "refused").length).toBe(
    results.length - unsent.length,
  );
  expect(results.filter((result) => result.kind === "ok").length).toBeGreaterThan(10);
  expect(existsSync(file) && readFileSync(file, "utf8")).not.toContain(simulator.apiKey);
});
