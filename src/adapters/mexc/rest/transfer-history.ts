import { z } from "zod";
import type { Transfer } from "../../../core/domain/transfer.ts";
import type { TransferHistory } from "../../../core/ports/transfer-history.ts";
import {
  depositSchema,
  futuresTransferSchema,
  toDeposit,
  toFuturesTransfer,
  toWithdrawal,
  withdrawalSchema,
} from "../to-domain/transfer.ts";
import { readRows, unreadable } from "../to-domain/unreadable.ts";
import { ask } from "./ask.ts";
import type { RestClient } from "./client.ts";
import { everyPage } from "./every-page.ts";
import type { Params } from "./sign.ts";

const DAY_MS = 24 * 3_600_000;
/** The exchange refuses a window that is longer, or begins earlier. */
const LONGEST_WINDOW_MS = 7 * DAY_MS;
const REACH_MS = 90 * DAY_MS;
/** Asked from a little later than the reach, since the exchange counts it at its own moment. */
const REACH_MARGIN_MS = 5 * 60_000;
const MOST_ROWS = 1_000;
const PAGE_ROWS = 100;
const MOST_PAGES = 200;

type List = "deposit/hisrec" | "withdraw/history" | "transfer";
const listSchema = z.array(z.unknown());
const pageSchema = z.object({ rows: z.array(z.unknown()).nullish() });

export interface TransferHistoryParts {
  readonly client: RestClient;
  /** A row of a list that cannot be read; the other rows stand. */
  readonly onPoison: (what: string) => void;
}

/** The three lists of money that moved. This file asks for lists and nothing else: see the test that there is no withdrawal. */
export function createTransferHistory({ client, onPoison }: TransferHistoryParts): TransferHistory {
  const get = <T extends z.ZodType>(list: List, params: Params, schema: T, what: string, signal: AbortSignal) =>
    ask(
      client,
      { method: "GET", path: `/api/v3/capital/${list}`, params, signed: true, signal, lane: "history" },
      schema,
      what,
    );

  async function inWindows(
    { since, until }: { readonly since: number; readonly until: number },
    fetch: (startTime: number, endTime: number) => Promise<readonly Transfer[]>,
  ): Promise<readonly Transfer[]> {
    const all: Transfer[] = [];
    for (let start = since; start < until; start += LONGEST_WINDOW_MS) {
      all.push(...(await fetch(start, Math.min(start + LONGEST_WINDOW_MS, until))));
    }
    return all;
  }

  const list = (
    path: "deposit/hisrec" | "withdraw/history",
    readRow: (row: unknown) => Transfer,
    what: string,
    signal: AbortSignal,
  ) =>
    function fetch(startTime: number, endTime: number): Promise<readonly Transfer[]> {
      return everyPage({
        fetch: async (until) => {
          const params = { startTime, endTime: Math.min(until ?? endTime, endTime), limit: MOST_ROWS };
          const rows = await get(path, params, listSchema, what, signal);
          return { rows: readRows(rows, readRow, onPoison), size: rows.length };
        },
        keyOf: (transfer) => `${transfer.asset} ${transfer.transferId}`,
        timeOf: (transfer) => transfer.at,
        fullPage: MOST_ROWS,
        onCut: () => {
          throw unreadable("more transfers of one moment than the exchange gives at once");
        },
      });
    };

  async function futures(way: Params, startTime: number, endTime: number, signal: AbortSignal) {
    const all: Transfer[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const params = { ...way, startTime, endTime, page, size: PAGE_ROWS };
      const { rows } = await get("transfer", params, pageSchema, "asking the transfers to and from futures", signal);
      all.push(...readRows(rows ?? [], (row) => toFuturesTransfer(futuresTransferSchema.parse(row)), onPoison));
      if ((rows?.length ?? 0) < PAGE_ROWS) break;
    }
    return all;
  }

  return {
    reachMs: () => REACH_MS - REACH_MARGIN_MS,
    async fetchTransfers(kind, { since, until }, signal) {
      const earliest = Math.round(client.exchangeNow()) - REACH_MS + REACH_MARGIN_MS;
      const window = { since: Math.max(Math.round(since), earliest), until: Math.round(until) };
      switch (kind) {
        case "deposit": {
          const readRow = (row: unknown) => toDeposit(depositSchema.parse(row));
          return inWindows(window, list("deposit/hisrec", readRow, "asking the deposits", signal));
        }
        case "withdrawal": {
          const readRow = (row: unknown) => toWithdrawal(withdrawalSchema.parse(row));
          return inWindows(window, list("withdraw/history", readRow, "asking what was withdrawn", signal));
        }
        case "futures": {
          const [out, back] = [
            { fromAccountType: "SPOT", toAccountType: "FUTURES" },
            { fromAccountType: "FUTURES", toAccountType: "SPOT" },
          ];
          return inWindows(window, async (start, end) => [
            ...(await futures(out, start, end, signal)),
            ...(await futures(back, start, end, signal)),
          ]);
        }
      }
    },
  };
}
