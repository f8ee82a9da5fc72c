import { setTimeout as delay } from "node:timers/promises";
import { createApp } from "../../../src/app/create-app.ts";
import { runTui } from "../../../src/tui/main.tsx";
import { createHeadlessTerminal } from "../../tui/screens/headless-terminal.ts";
import { createBareOrder } from "./bare-order.ts";
import { watchWire } from "../wire-watch.ts";

/** Times from the press or the call to the last byte on the wire, in ms, in the order they were taken. */
export interface PressRound {
  readonly tapedeck: readonly number[];
  readonly bare: readonly number[];
}

// The whole console, its screen included, in one process with the bare one: they take turns.

/** Below the exchange's twelve order actions a second, as nobody presses faster. */
const PACE_MS = 110;

const [home = "", restUrl = "", wsUrl = "", apiKey = "", apiSecret = "", plainUrl = ""] = process.argv.slice(2);
const app = await createApp({
  env: {
    TAPEDECK_HOME: home,
    TAPEDECK_REST_URL: restUrl,
    TAPEDECK_WS_URL: wsUrl,
    MEXC_API_KEY: apiKey,
    MEXC_API_SECRET: apiSecret,
  },
});
const { terminal, type, screen } = createHeadlessTerminal(160, 45);
void runTui(app, terminal).then(
  () => process.exit(0),
  () => process.exit(1),
);
const bare = createBareOrder(`${home}/bare.db`, plainUrl);
bare.wearIn();

let presses = 0;
let sentAt = Number.NaN;
watchWire((at, method, path) => {
  if (method === "POST" && path.startsWith("/api/v3/order?")) sentAt = at;
});
await shows(/reconciled \d/);
await shows(/spread/);

process.on("message", ({ count }: { readonly count: number }) => {
  void play(count).then((round) => process.send?.(round));
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");

async function play(count: number): Promise<PressRound> {
  const round = { tapedeck: [] as number[], bare: [] as number[] };
  for (let index = 0; index < count; index += 1) {
    presses += 1;
    round.tapedeck.push(await press(presses % 2 === 1 ? "buy" : "sell"));
    round.bare.push(await sendBare(`bare-${presses}`));
  }
  return round;
}

/** Writes an order as a trader does, and presses the Enter that sends it. */
async function press(side: "buy" | "sell"): Promise<number> {
  await pause();
  const known = app.store.getState().trading.orders.size;
  type(`:${side} btcusdt 0.001\r`);
  await shows(new RegExp(`${side.toUpperCase()} BTCUSDT`));
  type("\r");
  await shows(/Enter sends this order/);
  const took = await untilSent(() => type("\r"));
  await until(() => {
    const { orders } = app.store.getState().trading;
    return orders.size > known && [...orders.values()].every(({ state }) => state === "filled");
  });
  return took;
}

async function sendBare(id: string): Promise<number> {
  await pause();
  const took = await untilSent(() => bare.send(id));
  await bare.answered();
  return took;
}

async function untilSent(act: () => void): Promise<number> {
  sentAt = Number.NaN;
  const began = performance.now();
  act();
  await until(() => !Number.isNaN(sentAt));
  return sentAt - began;
}

async function shows(wanted: RegExp): Promise<void> {
  for (const deadline = performance.now() + 20_000; ;) {
    const text = (await screen()).join("\n");
    if (wanted.test(text)) return;
    if (performance.now() > deadline) throw new Error(`the screen never showed ${wanted}:\n${text}`);
    await turn();
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 20_000; !holds(); await turn())
    if (performance.now() > deadline) throw new Error("an order was not sent or not filled");
}

function turn(): Promise<void> {
  return delay(5);
}

function pause(): Promise<void> {
  return delay(PACE_MS / 2);
}
