import { createIdSource } from "../../src/adapters/system/id-source.ts";
import { ledgerView } from "../../src/simulator/control/ledger-view.ts";
import type { AccountStorage } from "../../src/app/app-parts.ts";
import { watchClaims } from "./invariants/claims-are-true.ts";
import type { InvariantName } from "./invariants/invariants.ts";
import { watchExposure } from "./invariants/exposure-in-limits.ts";
import { watchExits } from "./invariants/exits-are-single.ts";
import { watchStops } from "./invariants/stops-are-honest.ts";
import { haltedIsSilent } from "./invariants/halted-is-silent.ts";
import { journalTellsAll } from "./invariants/journal-tells-all.ts";
import { moneyIsConserved } from "./invariants/money-is-conserved.ts";
import { oneOrderAnIntent } from "./invariants/one-order-an-intent.ts";
import { watchSends } from "./invariants/sends-are-intended.ts";
import type { ExchangeLedger } from "./exchange-controls.ts";
import { drillStops } from "./stop-drill.ts";
import { ledgerDifferences } from "./ledger-differences.ts";
import { stateHash, unprovenOrders } from "./settled-state.ts";
import type { Disk } from "./world/disk.ts";
import { NOBODY } from "./world/disk.ts";
import { createProcessClock } from "./world/process-clock.ts";
import type { Doom } from "./world/process-life.ts";
import { createProcessLife, ProcessDied } from "./world/process-life.ts";
import { keepProtections } from "./world/protection-record.ts";
import { createProtector } from "./world/protector.ts";
import type { SimProcess } from "./world/sim-process.ts";
import { startProcess } from "./world/sim-process.ts";
import { createTrader } from "./world/trader.ts";
import { accountOf, endTroubles, TROUBLES } from "./world/troubles.ts";
import type { Violation } from "./world/world.ts";
import { openWorld } from "./world/world.ts";

/** How one seed went. */
export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly traceHash: string;
  readonly trace: readonly string[];
  readonly counts: SeedCounts;
}

export interface SeedCounts {
  readonly orders: number;
  readonly fills: number;
  readonly outside: number;
  readonly armed: number;
  readonly exits: number;
  readonly gaps: number;
  readonly deaths: number;
  readonly freezes: number;
  readonly events: number;
  readonly virtualMs: number;
}

/** After the last trouble everything is known within this long: several rounds of reconciling, each a minute apart. */
const SETTLES_WITHIN_MS = 8 * 60_000;
const LOOK_EVERY_MS = 1_000;
const UNDER_WAY_MS = 13_000;
const CALM_TICK_MS = 10_000;
const QUIET_LIFE = createProcessLife({ dooms: [], later: () => undefined, note: () => undefined });

const STEPS = [
  "",
  "",
  "before journal.commit",
  "journal.commit order-intended",
  "sent order POST",
  "send order POST",
  "sent order DELETE",
  "settings.set",
];

/** One life of a trader, an account and its processes through a storm, and what became of every unit of money. */
export async function runSeed(seed: number, disk: Disk, keepsTrace = false): Promise<SeedResult> {
  const world = openWorld({ seed, disk, keepsTrace });
  const { queue, trace, exchange, violations } = world;
  const random = world.randomOf("story");
  const between = (least: number, most: number) => Math.floor(least + random() * (most - least));
  const sends = watchSends(world);
  const claims = watchClaims(world);
  const trader = createTrader(world, world.randomOf("trader"));
  const record = keepProtections(world);
  const exits = watchExits(world, record);
  const stops = watchStops(world, record, () => isStormy || calmTickMs < CALM_TICK_MS);
  const noteExposure = watchExposure(world);
  const protector = createProtector(world, world.randomOf("protector"), () => isMarketOpen);
  const processes = new Set<SimProcess>();
  let session: SimProcess | undefined;
  let second: SimProcess | undefined;
  let isStormy = true;
  let calmTickMs = CALM_TICK_MS;
  let restartsInMs: number | undefined;
  /** Half of the worlds are about orders alone. */
  const isGuarded = random() < 0.5;
  let started = 0;
  let deaths = 0;
  let events = 0;
  let outside = 0;

  function drawDooms(): readonly Doom[] {
    const dooms: Doom[] = [];
    const at = () => STEPS[between(0, STEPS.length)] ?? "";
    const times = (step: string) => (step === "" ? between(1, 300) : between(1, 5));
    if (random() < 0.5) {
      const step = at();
      dooms.push({ kind: "die", at: step, times: times(step), forMs: 0 });
    }
    if (random() < 0.25) {
      const step = at();
      dooms.push({ kind: "freeze", at: step, times: times(step), forMs: between(500, 120_000) });
    }
    return dooms;
  }

  function start(name: string, dooms: readonly Doom[]): SimProcess | undefined {
    started += 1;
    const process = startProcess(world, `${name}-${String(started)}`, dooms);
    if (process === undefined) {
      deaths += 1;
      return undefined;
    }
    processes.add(process);
    process.life.onDeath(() => {
      deaths += 1;
      processes.delete(process);
    });
    return process;
  }

  function startSession(dooms: readonly Doom[]): void {
    session = start("session", dooms);
    const again = () => {
      session = undefined;
      queue.after(restartsInMs ?? between(0, 12_000), () => {
        restartsInMs = undefined;
        if (session === undefined) startSession(isStormy ? drawDooms() : []);
      });
    };
    if (session === undefined) {
      again();
      return;
    }
    session.life.onDeath(again);
    session.act("starts a session", async (app, signal) => {
      await app.startSession(signal);
    });
  }

  /** What a process that stands by as a second guardian has left: another one, a while later. */
  function startSecond(dooms: readonly Doom[]): void {
    second = start("guard", dooms);
    const again = () => {
      second = undefined;
      queue.after(between(0, 20_000), () => {
        if (isStormy && second === undefined) startSecond(drawDooms());
      });
    };
    if (second === undefined) {
      again();
      return;
    }
    second.life.onDeath(again);
    second.act("starts to guard", async (app, signal) => {
      await app.startSession(signal);
    });
  }

  function actOnProtections(): void {
    const dice = random();
    const who = second !== undefined && random() < 0.3 ? second : session;
    if (dice < 0.2) protector.plunge();
    else if (dice < 0.28) protector.rise();
    else if (dice < 0.36) protector.misprint();
    else if (who === undefined) return;
    else if (dice < 0.66) protector.arm(who);
    else if (dice < 0.78) protector.buyBracketed(world.isTight && session !== undefined ? session : who);
    else if (dice < 0.9) protector.answerAll(who);
    else if (dice < 0.94) protector.disarm(who);
    else if (dice < 0.96) protector.close(who);
    else if (second !== undefined) (random() < 0.5 ? second : session)?.kill();
  }

  function act(): void {
    if (isGuarded && random() < 0.5) {
      actOnProtections();
      return;
    }
    const dice = random();
    if (dice < 0.3 && session !== undefined) trader.place(session);
    else if (dice < 0.42) {
      // Two that judge at the same moment may both be within a limit that they break together.
      if (world.isTight) return;
      const command = start("command", random() < 0.4 ? drawDooms() : []);
      if (command !== undefined) trader.placeAndLeave(command, between(500, 20_000));
    } else if (dice < 0.54 && session !== undefined) trader.cancelOne(session);
    else if (dice < 0.57 && session !== undefined) trader.cancelAll(session);
    else if (dice < 0.6 && session !== undefined) trader.refreshOne(session);
    else if (dice < 0.615 && session !== undefined) trader.reconcile(session);
    else if (dice < 0.63 && session !== undefined) trader.panic(session);
    else if (dice < 0.64 && session !== undefined) trader.onlyReduce(session);
    else if (dice < 0.665 && session !== undefined) trader.resume(session);
    else if (dice < 0.72) {
      if (sends.sent.size > 0 && !world.isTight) {
        outside += 1;
        trader.placeOutside();
      }
    } else if (dice < 0.76) trader.cancelOutside();
    else if (dice < 0.82) trader.move();
    else if (dice < 0.85) session?.kill();
    else {
      const [name, strike] = TROUBLES[between(0, TROUBLES.length)] ?? [];
      trace.note(`trouble: ${String(name)}`);
      strike?.(world, random);
    }
  }

  /** Whether anybody trades but us. While a restart is judged, nothing may happen to the account. */
  let isMarketOpen = true;

  function tick(everyMs: () => number): void {
    if (isMarketOpen) exchange.step();
    else {
      exchange.venue.schedule.runDue();
      exchange.venue.hub.flush(queue.now);
      exchange.connections.sweep();
    }
    queue.after(everyMs(), () => {
      tick(everyMs);
    });
  }

  function watch(): void {
    events += 1;
    stops.look();
    noteExposure();
    claims.look(processes);
  }

  function check(invariant: InvariantName, problems: readonly string[]): void {
    for (const problem of problems) world.violate(invariant, problem);
  }

  /** Where this process and the exchange do not agree yet; empty once everything is known. */
  function differences(process: SimProcess): readonly string[] {
    const asleep = [...processes].filter(({ life }) => life.state === "frozen").map(({ name }) => `${name} sleeps`);
    if (asleep.length > 0) return asleep;
    const unproven = unprovenOrders(process.app);
    if (unproven.length > 0) return unproven;
    const truth = ledgerView(exchange.venue.exchange) as unknown as ExchangeLedger;
    return ledgerDifferences(truth, accountOf(exchange), process.app);
  }

  async function settle(): Promise<void> {
    let left: readonly string[] = ["no session"];
    let looks = 0;
    let known: unknown;
    for (let waited = 0; waited < SETTLES_WITHIN_MS; waited += LOOK_EVERY_MS) {
      await world.pass(LOOK_EVERY_MS, watch);
      if (violations.length > 0) return;
      // What is known changes with the ledger; a look now and then is for what others change on disk.
      const trading = session?.app.store.getState().trading;
      looks += 1;
      if (trading === known && looks % 20 !== 0) continue;
      known = trading;
      left = session === undefined ? ["no session"] : differences(session);
      if (left.length === 0) return;
    }
    check("everything-is-known", left);
  }

  async function drill(): Promise<void> {
    for (const process of [...processes]) if (process !== session) process.kill();
    calmTickMs = 250;
    await drillStops({
      world,
      random,
      record,
      exits,
      protector,
      session: () => session,
      restartAfter(waitMs) {
        restartsInMs = waitMs;
        session?.kill();
      },
      pass: (durationMs) => world.pass(durationMs, watch),
    });
    calmTickMs = CALM_TICK_MS;
    if (violations.length === 0) await settle();
  }

  async function story(): Promise<void> {
    const ticks = between(250, 1_500);
    tick(() => (isStormy ? ticks : calmTickMs));
    startSession(drawDooms());
    if (isGuarded && random() < 0.6) startSecond(drawDooms());
    const lastsMs = between(8_000, 50_000);
    const acts = between(8, 30);
    for (let count = 0; count < acts; count += 1) queue.after(between(500, lastsMs), act);
    await world.pass(lastsMs, watch);
    if (violations.length > 0) return;

    isStormy = false;
    trace.note("the storm is over");
    endTroubles(world);
    session?.life.spare();
    if (random() < 0.5) session?.kill();
    // Some thaw long after the others have gone on, and have to find that out.
    for (const process of [...processes]) if (process !== session && random() < 0.3) process.kill();
    second?.life.spare();
    await settle();
    if (violations.length > 0) return;
    check("money-is-conserved", moneyIsConserved(exchange));
    check("one-order-an-intent", oneOrderAnIntent(world));

    if (isGuarded && random() < 0.4) await drill();
    if (violations.length > 0) return;
    if (session !== undefined) protector.disarmAll(session);
    // From here on only a restart happens: nobody trades, and what other processes still had to do is done.
    for (const process of [...processes]) if (process !== session) process.kill();
    isMarketOpen = false;
    // A request of one that died may be under way for as long as the exchange takes it, and a cancel takes its time there.
    await world.pass(UNDER_WAY_MS, watch);
    if (violations.length > 0) return;
    await settle();
    if (violations.length > 0) return;
    await closeQuietly();
    if (violations.length > 0) return;
    const before = look((stored) => {
      check("journal-tells-all", journalTellsAll(stored));
      check("halted-is-silent", haltedIsSilent(stored));
      return stateHash(stored);
    });
    startSession([]);
    await settle();
    if (violations.length > 0) return;
    await closeQuietly();
    if (violations.length > 0) return;
    const after = look(stateHash);
    if (before !== after) world.violate("restart-changes-nothing", `the state's hash was ${before}, and is ${after}`);
  }

  async function closeQuietly(): Promise<void> {
    const last = session;
    if (last === undefined) return;
    last.act("closes", (app) => app.close());
    await world.pass(5_000, watch);
    processes.delete(last);
    session = undefined;
    if (!last.isClosed) world.violate("nothing-left-behind", "the app did not close within 5 s");
    else if (last.sleeping > 0) {
      world.violate("nothing-left-behind", `${String(last.sleeping)} timers of the closed app still run`);
    }
    if (world.wires.size > 0)
      world.violate("nothing-left-behind", `${String(world.wires.size)} streams are still open`);
  }

  function look<T>(at: (stored: AccountStorage) => T): T {
    const { clock } = createProcessClock(queue, QUIET_LIFE, () => 0);
    const connection = disk.connect({ ...NOBODY, clock, ids: createIdSource({ now: () => clock.now() }) });
    try {
      return at(connection.account);
    } finally {
      connection.release();
    }
  }

  // Nobody waits for what a process does in the background: what it throws there ends here.
  const onStray = (cause: unknown) => {
    if (!(cause instanceof ProcessDied)) world.violate("no-bugs", `nobody caught ${String(cause)}`);
  };
  globalThis.process.on("unhandledRejection", onStray);
  try {
    await story();
  } finally {
    for (const process of [...processes]) process.kill();
    exchange.close();
    // What the dead still had to say is heard before anybody else listens.
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.process.off("unhandledRejection", onStray);
  }
  return {
    seed,
    violations,
    traceHash: trace.hash(),
    trace: trace.lines(),
    counts: {
      orders: sends.sent.size,
      fills: exchange.venue.exchange.orders.fills(accountOf(exchange)).length,
      outside,
      armed: record.protections.size,
      exits: exits.exits,
      gaps: stops.gaps.length,
      deaths,
      freezes: world.freezes(),
      events,
      virtualMs: queue.now - Date.UTC(2026, 5, 1),
    },
  };
}
