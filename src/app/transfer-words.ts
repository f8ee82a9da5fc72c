import type { TransferKind } from "../core/domain/transfer.ts";
import type { TransferReading } from "../core/use-cases/pull-transfers.ts";
import { isoTime } from "./iso-time.ts";

const LISTS: Readonly<Record<TransferKind, string>> = {
  deposit: "the deposits",
  withdrawal: "what was withdrawn",
  futures: "the transfers to and from futures",
};

/** What of a list of transfers is not known; undefined where all is. */
export function unreadWords({ kind, fault, hole }: TransferReading): string | undefined {
  if (fault !== undefined) return `${LISTS[kind]} could not be read, so they are in no figure: ${fault.message}`;
  if (hole === undefined) return undefined;
  const [start, end] = [hole.from, hole.to].map(isoTime);
  return `${LISTS[kind]} from ${start} to ${end} were never read, and the exchange no longer lists them`;
}
