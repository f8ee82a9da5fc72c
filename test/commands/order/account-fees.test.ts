import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator();

async function explained(...words: string[]) {
  const { objects } = await there.line(...words);
  return objects()[0] as { fee: { asset: string; amount: string }; order: string; steps: { rule: string }[] };
}

/** As a trader switches it on the exchange's own page. */
async function payInMx(): Promise<void> {
  const query = `mxDeductEnable=true&timestamp=${Date.now()}`;
  const signature = createHmac("sha256", there.simulator.apiSecret).update(query).digest("hex");
  const url = `${there.simulator.restUrl}/api/v3/mxDeduct/enable?${query}&signature=${signature}`;
  const answer = await fetch(url, { method: "POST", headers: { "X-MEXC-APIKEY": there.simulator.apiKey } });
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
  const exit = (await explained(
    "position",
    "protect",
    "btcusdt",
    "--all",
    "--stop",
    "-2%",
    "--dry-run",
  )) as unknown as {
    exitNow: { fee: { asset: string } };
  };
  expect(exit.exitNow.fee.asset).toBe("MX");
});
