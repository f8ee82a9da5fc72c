import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApp } from "../../src/app/create-app.ts";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import { runLine } from "./run-line.ts";

let home: string;
let simulator: RunningSimulator;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "tapedeck-pause-"));
  simulator = await startSimulator({ seed: 5, symbolCount: 6, limits: true });
});
afterEach(async () => {
  await simulator.close();
  rmSync(home, { recursive: true });
});

function run(...words: readonly string[]) {
  const env = {
    TAPEDECK_HOME: home,
    TAPEDECK_REST_URL: simulator.restUrl,
    TAPEDECK_WS_URL: simulator.wsUrl,
    MEXC_API_KEY: simulator.apiKey,
    MEXC_API_SECRET: simulator.apiSecret,
  };
  return runLine(words, undefined, { env, services: { createApp } });
}

it("keeps the next commands of the home away from an exchange that asked for a pause, and says for how long", async () => {
  const fault = { kind: "429", target: "any", count: 1, retryAfterSeconds: 60 };
  await fetch(`${simulator.restUrl}/_sim/faults`, { method: "POST", body: JSON.stringify(fault) });
  const hit = await run("market", "show", "BTCUSDT");
  expect({ code: hit.code, errors: hit.errors() }).toMatchObject({
    code: 7,
    errors: [{ error: { code: "RATE_LIMITED" } }],
  });

  const order = await run("order", "place", "buy", "BTCUSDT", "0.001");
  expect({ code: order.code, errors: order.errors() }).toMatchObject({
    code: 7,
    errors: [
      {
        error: {
          code: "RATE_LIMITED",
          notDone: "No order was sent.",
          hint: expect.stringMatching(/^Try again in (5\d|60) s\.$/) as unknown,
        },
      },
    ],
  });
  const ledger = (await (await fetch(`${simulator.restUrl}/_sim/ledger`)).json()) as {
    readonly orders: readonly unknown[];
  };
  expect(ledger.orders).toEqual([]);

  const doctor = await run("doctor");
  expect(doctor.objects()).toMatchObject([
    {
      checks: expect.arrayContaining([
        expect.objectContaining({
          name: "limits",
          status: "warn",
          detail: expect.stringMatching(/orders for (5\d|60) s/) as unknown,
        }),
      ]) as unknown,
      exchange: {
        pause: { why: expect.stringContaining("429") as unknown, tradingForMs: expect.any(Number) as unknown },
      },
    },
  ]);
});

it("outlives the command that met the firewall, which says for how long, on a simulated exchange too", async () => {
  await fetch(`${simulator.restUrl}/_sim/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "403", target: "any", count: 1 }),
  });
  const hit = await run("market", "show", "BTCUSDT");
  expect({ code: hit.code, errors: hit.errors() }).toMatchObject({
    code: 7,
    errors: [{ error: { venueCode: 403, hint: expect.stringMatching(/^Try again in 90 s; /) as unknown } }],
  });

  const doctor = await run("doctor");
  expect(doctor.objects()).toMatchObject([{ exchange: { pause: { why: expect.stringContaining("403") as unknown } } }]);
});

it("leaves the exchange no 429 to send when commands run at once", async () => {
  const placed = await Promise.all(
    Array.from({ length: 5 }, () => run("order", "place", "buy", "BTCUSDT", "50", "usdt", "--yes")),
  );
  expect(placed.flatMap(({ errors }) => errors())).not.toContainEqual(
    expect.objectContaining({ error: expect.objectContaining({ venueCode: 429 }) as unknown }),
  );
}, 60_000);

it("tells in doctor what other commands have used as well", async () => {
  const used = async () => {
    const { exchange } = (await run("doctor")).objects()[0] as {
      readonly exchange: { readonly weight: { readonly used: number } };
    };
    return exchange.weight.used;
  };
  const first = await used();
  expect(first).toBeGreaterThan(0);
  expect(await used()).toBe(2 * first);
});

it("counts for nobody on an exchange that says it counts nothing, and is not slowed down by others", async () => {
  await simulator.close();
  simulator = await startSimulator({ seed: 5, symbolCount: 6 });
  const used: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { exchange } = (await run("doctor")).objects()[0] as {
      readonly exchange: { readonly weight: { readonly used: number } };
    };
    used.push(exchange.weight.used);
  }
  // Only what leaves before the exchange has said so is counted: the questions for its time.
  expect(Math.max(...used) - (used[0] ?? 0)).toBeLessThan(used[0] ?? 0);
});
