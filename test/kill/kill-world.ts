import Database from "better-sqlite3";
import { join } from "node:path";
import { EXIT_CODES } from "../../src/core/domain/errors.ts";
import type { Ledger, Simulator } from "../e2e/program.ts";
import { makeHome, run, runJson, startSimulator } from "../e2e/program.ts";
import { PtyScreen } from "../e2e/pty-screen.ts";
import type { HeldProtection } from "./exit-differences.ts";
import type { HeldOrder } from "./order-differences.ts";
import { isUnproven } from "./order-differences.ts";

/** A simulated exchange that outlives its process, and the home of one console. */
export interface KillWorld {
  readonly env: Simulator["env"];
  readonly home: string;
  control(path: string, body: object): Promise<void>;
  ledger(): Promise<Ledger>;
  /** The best bid at this moment. */
  bid(): Promise<number>;
  killExchange(): Promise<void>;
  /** At the same address, with what its state file holds. */
  startExchange(): Promise<void>;
  /** The full-screen console in a terminal. */
  openConsole(): PtyScreen;
  /** The orders in the console's file at this moment, read past any process. */
  storedOrders(): readonly HeldOrder[];
  /** How many events of orders are in its journal. */
  orderEvents(): number;
  /** The protections there, oldest first; each covers a fixed quantity, or what its entry bought. */
  storedProtections(): readonly HeldProtection[];
  close(): Promise<void>;
}

export const SYMBOL = "BTCUSDT";

export async function createKillWorld(seed: number): Promise<KillWorld> {
  const home = makeHome();
  const words = ["--seed", `${seed}`, "--symbols", "1", "--state", join(home.path, "exchange.ndjson")];
  let simulator = await startSimulator(words, home.path);
  const { env, rest } = simulator;
  const { port } = new URL(rest);
  const screens: PtyScreen[] = [];
  function read(query: string): readonly unknown[] {
    const client = new Database(join(home.path, "data/console.db"), { readonly: true });
    try {
      return client.prepare(query).all();
    } finally {
      client.close();
    }
  }
  return {
    env,
    home: home.path,
    control: (path, body) => simulator.control(path, body),
    ledger: () => simulator.ledger(),
    async bid() {
      const answer = await fetch(`${rest}/api/v3/ticker/bookTicker?symbol=${SYMBOL}`);
      return Number(((await answer.json()) as { readonly bidPrice: string }).bidPrice);
    },
    async killExchange() {
      await simulator.stop("SIGKILL");
    },
    async startExchange() {
      simulator = await startSimulator([...words, "--port", port], home.path);
    },
    openConsole() {
      const screen = new PtyScreen({ args: ["tui"], env });
      screens.push(screen);
      return screen;
    },
    storedOrders: () =>
      read(
        `SELECT client_order_id AS clientOrderId, order_id AS orderId, state, filled_quantity AS filledQuantity
           FROM orders WHERE _del = 0`,
      ) as readonly HeldOrder[],
    orderEvents() {
      const [row] = read("SELECT count(*) AS events FROM journal WHERE client_order_id IS NOT NULL");
      return (row as { readonly events: number }).events;
    },
    storedProtections: () => {
      const rows = read(
        `SELECT record, filled_quantity AS bought FROM protections
           LEFT JOIN orders ON client_order_id = record ->> '$.coverage.clientOrderId'
           WHERE protections._del = 0 ORDER BY protections.created_at`,
      ) as readonly { readonly record: string; readonly bought: string | null }[];
      return rows.map(({ record, bought }) => heldProtection(JSON.parse(record) as StoredProtection, bought));
    },
    async close() {
      for (const screen of screens) await killScreen(screen);
      await simulator.stop("SIGKILL");
      home.remove();
    },
  };
}

/** The parts of a stored protection that are looked at, with money as the journal writes it. */
interface StoredProtection {
  readonly protectionId: string;
  readonly state: "armed" | "ended";
  readonly coverage: { readonly quantity?: { readonly $: string } };
  readonly legs: readonly {
    readonly legId: string;
    readonly state: string;
    readonly attempts: readonly { readonly exitOrderId: string }[];
  }[];
}

function heldProtection(stored: StoredProtection, bought: string | null): HeldProtection {
  const { protectionId, state, coverage, legs } = stored;
  return {
    protectionId,
    state,
    covered: coverage.quantity?.$ ?? bought ?? "0",
    legs: legs.map((leg) => ({
      legId: leg.legId,
      state: leg.state,
      exits: leg.attempts.map(({ exitOrderId }) => exitOrderId),
    })),
  };
}

/** Resolves once orders can be written and sent. */
export async function untilReady(screen: PtyScreen): Promise<void> {
  const isReady = (text: string) => /reconciled \d/.test(text) && text.includes(`${SYMBOL} · 1m`);
  await screen.until(isReady, "a market ready to trade", 60_000);
}

export async function killScreen(screen: PtyScreen): Promise<void> {
  try {
    screen.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
  await screen.exited;
}

const SETTLE_MS = 90_000;

/** The console's orders once every one of them is proven. @throws Error when that does not come about */
export async function settledOrders(env: Simulator["env"]): Promise<readonly HeldOrder[]> {
  for (const deadline = Date.now() + SETTLE_MS; ;) {
    const { code, stdout, stderr } = await run(["order", "ls", "--all", "--json"], env);
    // So many orders to ask after can use up the exchange's limits: then these are the stored ones, and it is asked again.
    if (code !== EXIT_CODES.ok && code !== EXIT_CODES.unavailable) throw new Error(`it ended with ${code}: ${stderr}`);
    const { orders } = JSON.parse(stdout) as { readonly orders: readonly HeldOrder[] };
    const open = orders.filter(isUnproven);
    if (open.length === 0 && code === EXIT_CODES.ok) return orders;
    if (Date.now() > deadline) throw new Error(`still not proven: ${JSON.stringify(open)}; ${stderr}`);
  }
}

/** As `tapedeck doctor` tells it. */
export async function stateHash(env: Simulator["env"]): Promise<string> {
  return (await runJson<{ readonly stateHash: string }>(["doctor"], env)).stateHash;
}
