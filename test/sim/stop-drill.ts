import { levelOf } from "../../src/core/domain/guarding/trigger-level.ts";
import type { Price } from "../../src/core/domain/money.ts";
import type { Protection, ProtectionLeg } from "../../src/core/domain/protection.ts";
import { isStopLeg } from "../../src/core/domain/protection.ts";
import type { ExitWatch } from "./invariants/exits-are-single.ts";
import type { Protector } from "./world/protector.ts";
import type { ProtectionRecord } from "./world/protection-record.ts";
import type { SimProcess } from "./world/sim-process.ts";
import { SYMBOL } from "./world/trader.ts";
import type { World } from "./world/world.ts";

export interface StopDrillParts {
  readonly world: World;
  readonly random: () => number;
  readonly record: ProtectionRecord;
  readonly exits: ExitWatch;
  readonly protector: Protector;
  readonly session: () => SimProcess | undefined;
  /** Ends every process of the world, and starts a session once the time has passed. */
  readonly restartAfter: (waitMs: number) => void;
  readonly pass: (durationMs: number) => Promise<void>;
}

const FIRES_WITHIN_MS = 60_000;

/**
 * With everything calm the market falls through the stops: in front of a guardian each sells, or says why not; while
 * nobody runs, each asks when somebody does, and does as it is told.
 */
export async function drillStops(parts: StopDrillParts): Promise<void> {
  const { world, random, protector, session } = parts;
  const run = session();
  if (run === undefined) return;
  run.act("resumes trading", (app) => Promise.resolve(app.safety.setState({ kind: "active" })));
  protector.answerAll(run);
  for (let count = 0; count < 2; count += 1) protector.arm(run);
  await parts.pass(20_000);
  if (world.violations.length > 0 || session() !== run) return;
  if (random() < 0.5) await fallWatched(parts, run);
  else await fallUnwatched(parts);
}

async function fallWatched({ world, random, record, protector, pass }: StopDrillParts, run: SimProcess): Promise<void> {
  if (!run.app.guarding.isHolder) return;
  const due = liveStops(record);
  const bottom = protector.fall(0.97 + random() * 0.02);
  await pass(FIRES_WITHIN_MS);
  for (const { protection, leg } of stillWaiting(record, passedBy(due, bottom))) {
    world.violate("stops-fire", `${leg.legId} of ${protection.protectionId} is ${leg.state}, and the market fell`);
  }
}

async function fallUnwatched(parts: StopDrillParts): Promise<void> {
  const { world, random, record, exits, protector, session, pass } = parts;
  const live = liveStops(record);
  parts.restartAfter(25_000);
  const back = world.exchange.venue.exchange.market(SYMBOL).lastPrice;
  await pass(12_000);
  const before = exits.exits;
  const due = passedBy(live, protector.fall(0.97 + random() * 0.02));
  await pass(5_000);
  if (random() < 0.5) world.exchange.venue.simulation.move(SYMBOL, back);
  await pass(FIRES_WITHIN_MS);
  if (world.violations.length > 0) return;
  for (const { protection, leg } of stillWaiting(record, due)) {
    world.violate("gaps-ask", `${leg.legId} of ${protection.protectionId} is ${leg.state} after a fall nobody saw`);
  }
  // A gain is taken by itself, and what was on its way to be sold goes on.
  const mustAsk = due
    .filter(({ leg }) => leg.state === "live")
    .map(({ leg, protection }) => legNow(record, protection, leg));
  if (exits.exits > before && mustAsk.some((leg) => leg?.state === "exiting" || leg?.state === "done")) {
    world.violate("gaps-ask", "a stop has sold what nobody was asked about");
  }
  const run = session();
  if (run === undefined) return;
  protector.answerAll(run);
  await pass(FIRES_WITHIN_MS);
  for (const { protection } of due) {
    for (const leg of record.protections.get(protection.protectionId)?.legs ?? []) {
      const isStuck = leg.state === "exiting" && leg.blocked === undefined;
      if (isStuck)
        world.violate("gaps-ask", `${leg.legId} of ${protection.protectionId} was told to sell, and has not`);
    }
  }
}

interface DueStop {
  readonly protection: Protection;
  readonly leg: ProtectionLeg;
}

/** Of protections that have something to sell: an entry that has not filled covers nothing yet. */
function liveStops(record: ProtectionRecord): readonly DueStop[] {
  return [...record.protections.values()]
    .filter(({ state, coverage }) => state === "armed" && coverage.kind === "quantity")
    .filter(({ legs }) => legs.every((leg) => leg.state === "live" || leg.state === "done" || leg.state === "ended"))
    .flatMap((protection) =>
      protection.legs
        .filter((leg) => isStopLeg(leg) && leg.state === "live" && levelOf(leg) !== undefined)
        .map((leg) => ({ protection, leg })),
    );
}

/** Those whose level lies clearly above where the price went, whatever they are watched by. */
function passedBy(due: readonly DueStop[], bottom: Price): readonly DueStop[] {
  return due.filter(({ leg }) => (levelOf(leg)?.price ?? 0n) * 1_000n > bottom * 1_002n);
}

function legNow(record: ProtectionRecord, { protectionId }: Protection, { legId }: ProtectionLeg) {
  return record.protections.get(protectionId)?.legs.find((leg) => leg.legId === legId);
}

/** Stops that are as live as before although the price has passed them: unless another leg is at work. */
function stillWaiting(record: ProtectionRecord, due: readonly DueStop[]): readonly DueStop[] {
  return due.flatMap(({ protection, leg }) => {
    const now = record.protections.get(protection.protectionId);
    const held = legNow(record, protection, leg);
    if (now?.state !== "armed" || held?.state !== "live") return [];
    const isOther = now.legs.some((one) => one.state === "exiting" || one.state === "asking");
    return isOther ? [] : [{ protection: now, leg: held }];
  });
}
