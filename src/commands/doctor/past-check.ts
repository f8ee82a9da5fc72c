import type { App } from "../../app/app.ts";
import { storedHoles } from "../reconcile/hole-view.ts";
import type { Check } from "./check.ts";
import { ok, warn } from "./check.ts";

/** Whether the stored past has holes. Asks nobody. */
export function checkPast(app: App): Check {
  const markets = new Set((app.stored?.archive.ranges() ?? []).map(({ symbol }) => symbol)).size;
  const holes = storedHoles(app);
  const words = `kept of ${markets} ${markets === 1 ? "market" : "markets"}`;
  if (holes.length === 0) return ok("past", words);
  return warn(
    "past",
    `${words}, with ${holes.length} ${holes.length === 1 ? "hole" : "holes"} that the exchange cannot fill`,
    "See their dates with `tapedeck reconcile --holes`.",
  );
}
