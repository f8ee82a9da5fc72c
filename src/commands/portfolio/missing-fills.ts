import type { App } from "../../app/app.ts";
import type { ArchiveHole } from "../../core/domain/archive.ts";
import type { MarketSymbol, Timestamp } from "../../core/domain/identifiers.ts";
import type { CommandContext } from "../define-command.ts";
import { isoTime } from "../output/iso-time.ts";
import { holeJson, storedHoles } from "../reconcile/hole-view.ts";

/** The holes that figures made of fills may lack something in: of one market or all, from a moment on. */
export function missingFills(
  app: Pick<App, "stored">,
  of: { readonly symbol?: MarketSymbol | undefined; readonly since?: Timestamp } = {},
): readonly ArchiveHole[] {
  return storedHoles(app).filter(
    ({ kind, symbol, until }) =>
      kind === "fills" && (of.symbol === undefined || of.symbol === symbol) && until > (of.since ?? 0),
  );
}

/** For the JSON of a figure: `holes` is there with none, too, so that a script can rely on it. */
export function missingFillsJson(holes: readonly ArchiveHole[]) {
  return { holes: holes.map(holeJson) };
}

/** A figure that lacks fills looks like any other, so each hole is said beside it. */
export function warnOfMissingFills({ print }: Pick<CommandContext, "print">, holes: readonly ArchiveHole[]): void {
  for (const { symbol, from, until } of holes) {
    const between = `between ${isoTime(from)} and ${isoTime(until)}`;
    print.warn(`fills of ${symbol} ${between} are missing; the API cannot fill it, and the figures may lack them.`);
  }
}
