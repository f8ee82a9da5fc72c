import { afterAll, beforeAll, expect, it } from "vitest";
import type { Running } from "../e2e/program.ts";
import { run as runCommand, runJson, start } from "../e2e/program.ts";
import type { HeldProtection } from "./exit-differences.ts";
import { exitDifferences, soldBy } from "./exit-differences.ts";
import { createKillRun, KILLS } from "./kill-run.ts";
import type { KillWorld } from "./kill-world.ts";
import { createKillWorld, settledOrders, stateHash, SYMBOL } from "./kill-world.ts";
import { orderDifferences } from "./order-differences.ts";

const run = createKillRun(3);
let world: KillWorld;
/** Where the market is put back to after each fall. */
let high: number;
beforeAll(async () => {
  world = await createKillWorld(run.seed);
  high = await world.bid();
});
afterAll(() => world.close());

const COVERED = "0.001";
/** When the kill falls after the market did: somewhere, once the sale is decided on, once the exchange has it. */
const MOMENTS = ["somewhere", "written", "taken"] as const;
type Moment = (typeof MOMENTS)[number];
/** From the fall to the sale it is some 50 ms. */
const SOMEWHERE_MS = 120;
const SHORTLY_MS = 8;
const PATIENCE_MS = 10_000;
/** More than an exit needs that is proven only after its receive window. */
const LONG_PATIENCE_MS = 60_000;
const SOLD_BY_ANSWER = 5;
/** Those whose stop was crossed while no guardian was there. */
const unwatched = new Set<string>();

it(`of ${KILLS} kills -9 of the guardian while stops are crossed, each stop has sold once or asks, and none twice`, async () => {
  console.log(`guardian kills: KILL_SEED=${run.seed}`);
  let startMs = 1_000;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const where = `seed ${run.seed}, kill ${kill}`;
    await moveTo(high);
    await arm(high * 0.996);
    if (kill > 0 && run.random() < 0.2) {
      // The market falls while nobody watches: whoever comes may ask, and no more.
      unwatched.add(newestProtection());
      await moveTo(high * 0.994);
      await killAfter(start(["guard", "run", "--json"], world.env), run.within(startMs));
      continue;
    }
    const began = performance.now();
    const guard = await startGuard();
    startMs = performance.now() - began;
    const moment = run.pick<Moment>(MOMENTS);
    const before = await traces(moment);
    await moveTo(high * 0.994);
    if (moment !== "somewhere") await untilTraced(moment, before, () => `${where}: ${guard.stdout()}`);
    await killAfter(guard, run.within(moment === "somewhere" ? SOMEWHERE_MS : SHORTLY_MS));
    expect(exitDifferences(await world.ledger(), world.storedProtections()), where).toEqual([]);
  }
  await moveTo(high);
  await endWhatIsUnderWay();
  const orders = await settledOrders(world.env);
  const ledger = await world.ledger();
  const protections = world.storedProtections();
  expect(orderDifferences(ledger, orders), `seed ${run.seed}`).toEqual([]);
  expect(exitDifferences(ledger, protections), `seed ${run.seed}`).toEqual([]);
  expect(protections).toHaveLength(KILLS);
  const stories = protections.map((one) => {
    const story = one.state === "ended" ? "ended" : one.legs[0]?.state;
    return `${story ?? "?"} sold ${soldBy(ledger, one)}`;
  });
  // Fired once and sold all of it, or nothing sold and the person is asked; there is no third way.
  const ends = ["asking sold 0", `ended sold ${COVERED}`];
  expect(stories.filter((story) => !ends.includes(story))).toEqual([]);
  const silently = protections.filter((one, at) => unwatched.has(one.protectionId) && stories[at] !== ends[0]);
  expect(silently, `seed ${run.seed}`).toEqual([]);
  const [asked, sold] = ends.map((end) => stories.filter((story) => story === end).length);
  console.log(`of ${KILLS} stops ${sold} sold once and ${asked} ask`);
});

it("sells once what a person answers to sell, over one more kill", async () => {
  const asking = world.storedProtections().filter(({ legs }) => legs[0]?.state === "asking");
  const chosen = asking.slice(0, SOLD_BY_ANSWER);
  for (const { protectionId } of chosen) await runJson(["guard", "answer", protectionId, "sell-now"], world.env);
  await killAfter(await startGuard(), run.within(SOMEWHERE_MS));
  await endWhatIsUnderWay();
  const ledger = await world.ledger();
  const ids = new Set(chosen.map(({ protectionId }) => protectionId));
  const answered = world.storedProtections().filter(({ protectionId }) => ids.has(protectionId));
  expect(answered.map((one) => soldBy(ledger, one))).toEqual(chosen.map(() => COVERED));
  expect(exitDifferences(ledger, world.storedProtections())).toEqual([]);
});

it("after 1, 2 and 10 restarts of the guardian the stored state is the same to the last bit", async () => {
  const hashes = [await stateHash(world.env)];
  for (let restart = 1; restart <= 10; restart += 1) {
    await killAfter(await startGuard(), 0);
    if ([1, 2, 10].includes(restart)) hashes.push(await stateHash(world.env));
  }
  expect(hashes, `seed ${run.seed}`).toEqual(hashes.map(() => hashes[0]));
});

/** Buys with a stop that waits below. */
async function arm(level: number): Promise<void> {
  const words = ["order", "place", "buy", SYMBOL, COVERED, "sl", level.toFixed(2), "--json"];
  const { code, stdout, stderr } = await runCommand(words, world.env);
  if (code !== 0) throw new Error(`nothing was armed: ${code} ${stdout}${stderr}`);
}

/** A guardian that stands, and watches the market as long as there is something to guard. */
async function startGuard() {
  const guard = start(["guard", "run", "--json"], world.env);
  await guard.line((line) => line.includes('"tapedeck.guard/1"'));
  const isWatching = () => guard.stdout().includes('"market-watched"');
  // An exit that was under way may end the only protection before its market is watched.
  const isArmed = () => world.storedProtections().some(({ state }) => state === "armed");
  await until(
    () => isWatching() || !isArmed(),
    () => `the market is not watched: ${guard.stdout()}`,
  );
  return guard;
}

async function killAfter(guard: Running, waitMs: number): Promise<void> {
  await pause(waitMs);
  guard.child.kill("SIGKILL");
  await guard.finished;
}

function newestProtection(): string {
  const newest = world.storedProtections().at(-1);
  if (newest === undefined) throw new Error("nothing is protected");
  return newest.protectionId;
}

/** Lets a guardian finish whatever exits the kills have left half done. */
async function endWhatIsUnderWay(): Promise<void> {
  const guard = await startGuard();
  const isLeft = ({ state, legs }: HeldProtection) =>
    state === "armed" && legs.some((leg) => leg.state === "exiting" || leg.state === "live");
  await until(
    () => !world.storedProtections().some(isLeft),
    () => `not every exit came to its end: ${guard.stdout()}\n${JSON.stringify(world.storedProtections())}`,
  );
  guard.child.kill("SIGTERM");
  await guard.finished;
}

async function moveTo(price: number): Promise<void> {
  await world.control("move", { symbol: SYMBOL, price: price.toFixed(2) });
}

/** What the market's fall has left so far, where the moment looks. */
async function traces(moment: Moment): Promise<string> {
  return JSON.stringify(moment === "written" ? world.storedProtections() : (await world.ledger()).orders);
}

async function untilTraced(moment: Moment, before: string, where: () => string): Promise<void> {
  for (const patience = Date.now() + PATIENCE_MS; Date.now() < patience; await pause(1))
    if ((await traces(moment)) !== before) return;
  throw new Error(`the stop did nothing, ${where()}`);
}

async function until(isSo: () => boolean, otherwise: () => string): Promise<void> {
  for (const patience = Date.now() + LONG_PATIENCE_MS; !isSo(); await pause(10))
    if (Date.now() > patience) throw new Error(`seed ${run.seed}, ${otherwise()}`);
}

function pause(waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, waitMs);
  });
}
