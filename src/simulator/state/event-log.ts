import { closeSync, ftruncateSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import type { AccountEvent } from "../engine/account-event.ts";
import type { AssetBalance } from "../engine/ledger.ts";
import type { AccountFill, ExchangeOrder } from "../engine/order.ts";
import { isWalletMovement } from "../engine/wallet-journal.ts";
import { parseLogLine, printLogLine } from "./log-line.ts";

/** What a log says the accounts were when it ended. */
export interface StoredState {
  readonly balances: ReadonlyMap<string, ReadonlyMap<string, AssetBalance>>;
  /** In the order they were accepted. */
  readonly orders: readonly ExchangeOrder[];
  readonly fills: readonly AccountFill[];
  /** Of deposits, withdrawals and transfers. */
  readonly movements: readonly AccountEvent[];
  /** The last number the id sequence had given out. */
  readonly sequence: number;
}

/**
 * Account events on disk, a command a line. A line is written before the answer to its command leaves, so a killed
 * process forgets nothing it has told anybody; a last line that was cut off belongs to an answer nobody got.
 */
export class EventLog {
  readonly stored: StoredState;
  readonly #file: number;

  /** @throws Error naming the file and line when the log is damaged before its end */
  constructor(path: string) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    this.stored = readLog(whole, path);
    this.#file = openSync(path, "a", 0o600);
    if (whole.length < text.length) ftruncateSync(this.#file, Buffer.byteLength(whole));
  }

  append(events: readonly AccountEvent[], sequence: number): void {
    writeSync(this.#file, printLogLine({ sequence, events }));
  }

  clear(): void {
    ftruncateSync(this.#file, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readLog(text: string, path: string): StoredState {
  const balances = new Map<string, Map<string, AssetBalance>>();
  const orders = new Map<string, ExchangeOrder>();
  const fills: AccountFill[] = [];
  const movements: AccountEvent[] = [];
  let sequence = 0;
  for (const [at, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const batch = parseLogLine(line);
    if (batch === undefined) throw new Error(`${path}, line ${String(at + 1)}: not a line of a simulator's log`);
    sequence = Math.max(sequence, batch.sequence);
    for (const event of batch.events) {
      if (event.kind === "order") orders.set(event.order.orderId, { ...event.order });
      else if (event.kind === "fill") fills.push(event.fill);
      else {
        const { apiKey, asset, free, locked } = event.change;
        const account = balances.get(apiKey) ?? new Map<string, AssetBalance>();
        balances.set(apiKey, account.set(asset, { free, locked }));
        if (isWalletMovement(event.reason)) movements.push(event);
      }
    }
  }
  return { balances, orders: [...orders.values()], fills, movements, sequence };
}
