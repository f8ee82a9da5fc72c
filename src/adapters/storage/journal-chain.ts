import { hash } from "node:crypto";

/** What a journal row tells, as it is stored. */
export interface ChainedRow {
  readonly accountId: string;
  readonly mode: string;
  readonly deviceId: string;
  readonly sequence: number;
  readonly at: number;
  readonly type: string;
  readonly clientOrderId: string | null;
  readonly event: string;
}

/** What stands before the first row of a journal. */
export const CHAIN_START = "0".repeat(64);

/**
 * SHA-256 over three lines: the chain of the row before, the row's other values as a JSON array in the order of
 * `ChainedRow`, and its event as it is stored; 64 hex digits. Whoever changes a row, takes one out or puts one in breaks the chain there, unless they
 * write all that follows anew: then the newest chain is another one than was seen before.
 *
 * Part of the file format: it stays as it is.
 */
export function chainAfter(previous: string, row: ChainedRow): string {
  const { accountId, mode, deviceId, sequence, at, type, clientOrderId, event } = row;
  const told = JSON.stringify([accountId, mode, deviceId, sequence, at, type, clientOrderId]);
  return hash("sha256", `${previous}\n${told}\n${event}`, "hex");
}
