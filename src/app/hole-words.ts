import type { ArchiveHole, ArchiveKind } from "../core/domain/archive.ts";
import { isoTime } from "./iso-time.ts";

const LEFT_OUT: Readonly<Record<ArchiveKind, string>> = {
  orders: "orders that ended without an execution",
  fills: "executions",
};

/** A hole with its dates and that the exchange cannot fill it, for a person. */
export function holeWords({ symbol, kind, from, until }: ArchiveHole): string {
  const [start, end] = [from, until].map(isoTime);
  return `${symbol}: ${LEFT_OUT[kind]} from ${start} to ${end} may be missing, and the exchange no longer lists them`;
}
