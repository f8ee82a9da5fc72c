import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator();
const PATIENCE = { timeout: 15_000, interval: 100 };

async function control(call: string, body: object): Promise<void> {
  const answer = await fetch(`${there.simulator.restUrl}/_sim/${call}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}

async function sales(): Promise<readonly string[]> {
  const ledger = (await (await fetch(`${there.simulator.restUrl}/_sim/ledger`)).json()) as {
    readonly orders: readonly { readonly side: string; readonly status: string; readonly apiKey: string }[];
  };
  const ours = ledger.orders.filter(({ side, apiKey }) => side === "SELL" && apiKey === there.simulator.apiKey);
  return ours.map(({ status }) => status);
}

interface Status {
  readonly concerns: readonly { readonly kind: string; readonly what: string }[];
  readonly protections: readonly { readonly legs: readonly { readonly attempts: readonly unknown[] }[] }[];
}

async function status(): Promise<{ readonly code: number; readonly told: Status | undefined }> {
  const { code, objects } = await there.line("guard", "status", "--json");
  return { code, told: objects()[0] as Status | undefined };
}

it("a clock that jumps an hour while a stop sells is told at once, and the stop sells once when it is back", async () => {
  const app = await createApp({ env: there.env() });
  onTestFinished(() => app.close());
  await app.startSession(new AbortController().signal);
  await there.line("position", "protect", "BTCUSDT", "--quantity", "0.01", "--stop", "-2%");
  await expect.poll(async () => (await status()).code, PATIENCE).toBe(0);

  await control("faults", { kind: "clock-offset", offsetMs: 3_600_000 });
  await control("move", { symbol: "BTCUSDT", price: "30000" });
  await control("move", { symbol: "BTCUSDT", price: "29990" });
  await expect.poll(async () => (await status()).code, PATIENCE).toBe(9);
  const blocked = async () => (await status()).told?.concerns.map(({ what }) => what).join(" ");
  await expect.poll(blocked, PATIENCE).toMatch(/clock is 3600\.\d s behind/);
  const { told } = await status();
  // The one that was refused, and none for each try since.
  expect(told?.protections[0]?.legs[0]?.attempts).toHaveLength(1);
  expect(await sales()).toEqual([]);
  const listed = await there.line("order", "ls", "--stored", "--json");
  expect(listed.out).toContain('"rejected"');
  expect(listed.out).not.toContain('"unknown"');

  await control("faults", { kind: "clock-offset", offsetMs: 0 });
  await expect.poll(sales, PATIENCE).toEqual(["FILLED"]);
  await expect.poll(async () => (await status()).told?.protections, PATIENCE).toEqual([]);
});
