import { afterEach, beforeEach, expect, it } from "vitest";
import type { Simulator } from "./program.ts";
import { makeHome, run, runJson, startSimulator } from "./program.ts";
import { PtyScreen } from "./pty-screen.ts";

let home: ReturnType<typeof makeHome>;
let simulator: Simulator;
let price: number;
let screen: PtyScreen | undefined;
/** A guardian that a console left behind. */
let guardianPid: number | undefined;
beforeEach(async () => {
  home = makeHome();
  simulator = await startSimulator(["--seed", "12", "--symbols", "1"], home.path);
  const answer = await fetch(`${simulator.rest}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
  price = Number(((await answer.json()) as { readonly bidPrice: string }).bidPrice);
});
afterEach(async () => {
  end(screen?.pid);
  await screen?.exited;
  end(guardianPid);
  [screen, guardianPid] = [undefined, undefined];
  await simulator.stop();
  home.remove();
});

function end(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

async function openConsole(): Promise<PtyScreen> {
  screen = new PtyScreen({ args: ["tui"], env: simulator.env });
  const isReady = (text: string) => /reconciled \d/.test(text) && text.includes("BTCUSDT · 1m");
  await screen.until(isReady, "a market ready to trade", 30_000);
  return screen;
}

const order = (...words: readonly string[]) => runJson(["order", "place", ...words], simulator.env);
const sold = async () =>
  (await simulator.ledger()).orders.flatMap(({ side, status }) => (side === "SELL" ? [status] : []));

interface GuardStatusJson {
  readonly guardian: { readonly pid: number; readonly alive: boolean } | null;
}

async function guardian(): Promise<GuardStatusJson["guardian"]> {
  const { stdout } = await run(["guard", "status", "--json"], simulator.env);
  return (JSON.parse(stdout.split("\n")[0] ?? "") as GuardStatusJson).guardian;
}

it("the panic key ends every order, says what was proven, and halts trading for every process", async () => {
  await order("buy", "BTCUSDT", "0.001", "@", (price * 0.998).toFixed(2));
  await order("buy", "BTCUSDT", "0.002", "@", (price * 0.997).toFixed(2));
  const console = await openConsole();
  console.type("!");
  await console.until(/Panic: halt trading and cancel every open order\?/);
  console.type("!");
  await console.until(/Halted; no order is open, 2 ended/);
  expect((await simulator.ledger()).orders.map(({ status }) => status)).toEqual(["CANCELED", "CANCELED"]);
  const refused = await run(["order", "place", "buy", "BTCUSDT", "0.001", "--json"], simulator.env);
  expect([refused.code, refused.stderr]).toMatchObject([5, expect.stringContaining("TRADING_HALTED")]);
  expect(await runJson(["trading", "status"], simulator.env)).toMatchObject({ state: "halted" });
});

it("leaving with a stop armed, and y, leaves a guardian behind that sells when the stop is crossed", async () => {
  await order("buy", "BTCUSDT", "0.001", "sl", (price * 0.996).toFixed(2));
  const console = await openConsole();
  await console.until(/PROTECTED/);
  console.type("q");
  await console.until(/y goes on guarding in the background, and leaves/);
  console.type("y");
  expect((await console.exited).exitCode).toBe(0);
  // Whoever stands by looks every second.
  await expect.poll(guardian, { timeout: 10_000 }).toMatchObject({ alive: true });
  guardianPid = (await guardian())?.pid;
  expect(guardianPid).not.toBe(console.pid);
  await simulator.control("move", { symbol: "BTCUSDT", price: (price * 0.994).toFixed(2) });
  await expect.poll(sold, { timeout: 20_000 }).toEqual(["FILLED"]);
});

it("leaving with a stop armed stays by default, and leaves it to nobody only after n", async () => {
  await order("buy", "BTCUSDT", "0.001", "sl", (price * 0.996).toFixed(2));
  const console = await openConsole();
  await console.until(/PROTECTED/);
  console.type("q");
  await console.until(/UNPROTECTED, nobody sells/);
  console.type("\r");
  await console.until((text) => !text.includes("nobody sells"), "the market again");
  console.type("q");
  await console.until(/UNPROTECTED, nobody sells/);
  console.type("n");
  expect((await console.exited).exitCode).toBe(0);
  expect(await guardian()).not.toMatchObject({ alive: true });
});
