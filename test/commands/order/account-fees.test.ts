import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import type { RunningSimulator } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { runLine } from "../run-line.ts";

let home: string;
let simulator: RunningSimulator;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "tapedeck-fees-"));
  simulator = await startSimulator({ seed: 5 });
});
afterEach(async () => {
  await simulator.close();
  rmSync(home, { recursive: true });
});

async function explained(...words: string[]) {
  const env = {
    TAPEDECK_HOME: home,
    TAPEDECK_REST_URL: simulator.restUrl,
    TAPEDECK_WS_URL: simulator.wsUrl,
    MEXC_API_KEY: simulator.apiKey,
    MEXC_API_SECRET: simulator.apiSecret,
  };
  const { objects } = await runLine(words, undefined, { env, services: { createApp } });
  return objects()[0] as { fee: { asset: string; amount: string }; order: string; steps: { rule: string }[] };
}

/** As a trader switches it on the exchange's own page. */
async function payInMx(): Promise<void> {
  const query = `mxDeductEnable=true&timestamp=${Date.now()}`;
  const signature = createHmac("sha256", simulator.apiSecret).update(query).digest("hex");
  const url = `${simulator.restUrl}/api/v3/mxDeduct/enable?${query}&signature=${signature}`;
  const answer = await fetch(url, { method: "POST", headers: { "X-MEXC-APIKEY": simulator.apiKey } });
  expect(answer.ok).toBe(true);
}

it("explains the fee of an order and of an exit in the asset that the account pays in", async () => {
  const words = ["order", "place", "buy", "btcusdt", "100%", "--explain"];
  const inQuote = await explained(...words);
  expect(inQuote.fee.asset).toBe("USDT");
  await payInMx();
  const inMx = await explained(...words);
  expect(inMx.fee.asset).toBe("MX");
  expect(inMx.steps.map(({ rule }) => rule)).toContain("mx-deduct");
  const exit = (await explained("position", "protect", "btcusdt", "--stop", "-2%", "--dry-run")) as unknown as {
    exitNow: { fee: { asset: string } };
  };
  expect(exit.exitNow.fee.asset).toBe("MX");
});
