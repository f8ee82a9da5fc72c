import { expect, it } from "vitest";
import type { PlaceOrderResult } from "../../src/app/app.ts";
import type { ClientOrderId } from "../../src/core/domain/identifiers.ts";
import { marketSymbol } from "../../src/core/domain/identifiers.ts";
import type { Price } from "../../src/core/domain/money.ts";
import { price, quantity, ratio, roundToStep, scale } from "../../src/core/domain/money.ts";
import type { Order, OrderDraft } from "../../src/core/domain/order.ts";
import { createExchangeControls } from "./exchange-controls.ts";
import { ledgerDifferences } from "./ledger-differences.ts";
import type { Loss, LossyProxy } from "./lossy-proxy.ts";
import { startLossyProxy } from "./lossy-proxy.ts";
import { createRandom } from "./seeded-random.ts";
import type { SoakWorld } from "./soak-world.ts";
import { createSoakWorld } from "./soak-world.ts";

const SEED = Number(process.env["LOSS_SEED"] ?? 20_261_125);
const ORDERS = Number(process.env["LOSS_ORDERS"] ?? 1_000);
const BTC = marketSymbol("BTCUSDT");
const TICK = price("0.01");
/** Below the twelve order actions a second that the exchange allows. */
const PLACE_EVERY_MS = 100;
const STEP_MS = 500;
const KNOWN_WITHIN_MS = 60_000;
const LATEST_MS = 25_000;
/** Fewer than may be open at a time: an order of unknown outcome counts as one that is. */
const IN_ONE_OUTAGE = 250;
const BUDGET_WINDOW_MS = 15_000;
const CALM_MS = 3 * 60_000;
/** Of the orders that a long outage leaves in the dark. */
const FEW = 20;
const AWAY_MS = 10 * 60_000;
const TIMEOUT_MS = 180_000;
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A world behind a proxy, with a started session and a price to trade at. */
async function openWorld(random: () => number) {
  let proxy: LossyProxy | undefined;
  const world = await createSoakWorld(SEED, createRandom(SEED + 1), QUIET, {}, async (simulator, clock) => {
    proxy = await startLossyProxy({
      target: simulator.restUrl,
      now: () => clock.now(),
      nextLoss: () => drawLoss(random()),
      latenessMs: () => Math.floor(random() * LATEST_MS),
    });
    return proxy;
  });
  if (proxy === undefined) throw new Error("nothing stands between");
  const opened = world.app.startSession(new AbortController().signal);
  for (let steps = 0; steps < 20; steps += 1) await world.step(200);
  await opened;
  return { world, proxy };
}

/** Most answers are lost after the request has arrived, which is the worst: the order is there, and nobody says so. */
function drawLoss(dice: number): Loss {
  if (dice < 0.8) return "answer";
  return dice < 0.9 ? "request" : "late";
}

/** Resting, trading at once, and trading by halves; both sides. */
function draftNear(reference: Price, now: number, random: () => number): OrderDraft {
  const side = random() < 0.5 ? "buy" : "sell";
  const base = {
    symbol: BTC,
    side,
    size: { kind: "base", quantity: quantity(random() < 0.5 ? "0.0005" : "0.001") },
    seen: { price: reference, at: now },
  } as const;
  const dice = random();
  if (dice < 0.4) return { ...base, type: "market" };
  const isFar = dice < 0.7;
  const distance = isFar ? 0.02 + random() * 0.02 : (random() - 0.5) * 0.002;
  const factor = ratio((side === "buy" ? 1 - distance : 1 + distance).toFixed(6));
  const limitPrice = roundToStep(scale(reference, factor, "down"), TICK, "down");
  return { ...base, type: isFar ? "limit" : "immediate-or-cancel", limitPrice };
}

async function pass({ world, proxy }: { world: SoakWorld; proxy: LossyProxy }, durationMs: number): Promise<void> {
  await proxy.deliver(world.time.clock.now());
  await world.step(durationMs);
}

function unproven(world: SoakWorld): readonly Order[] {
  const { orders } = world.app.store.getState().trading;
  return [...orders.values()].filter((order) => order.state === "unknown" || order.state === "submitted");
}

/** Waits until there is room for a question again, and only we bring the time. */
async function bestAsk(opened: Awaited<ReturnType<typeof openWorld>>): Promise<Price> {
  for (let waitedMs = 0; waitedMs < BUDGET_WINDOW_MS; waitedMs += STEP_MS) await pass(opened, STEP_MS);
  const asked = opened.world.app.marketData.fetchBookTop(BTC, new AbortController().signal);
  const end = { isThere: false };
  const ended = asked.finally(() => {
    end.isThere = true;
  });
  while (!end.isThere) await pass(opened, PLACE_EVERY_MS);
  const { ask } = await ended;
  if (ask === undefined) throw new Error("there is no ask");
  return ask.price;
}

/** Places so many orders, none of which is answered. @returns their ids */
async function placeInTheDark(
  opened: Awaited<ReturnType<typeof openWorld>>,
  count: number,
  reference: Price,
  random: () => number,
): Promise<readonly ClientOrderId[]> {
  const { world } = opened;
  const placing: Promise<PlaceOrderResult>[] = [];
  for (let index = 0; index < count; index += 1) {
    const draft = draftNear(reference, world.time.clock.now(), random);
    placing.push(world.app.placeOrder(draft, new AbortController().signal));
    await pass(opened, PLACE_EVERY_MS);
  }
  const results = await Promise.all(placing);
  const denials = results.flatMap((result) => (result.kind === "denied" ? result.denials.map((it) => it.code) : []));
  expect(denials).toEqual([]);
  return results.flatMap((result) => (result.kind === "placed" ? [result.order.clientOrderId] : []));
}

it(
  `knows each of ${ORDERS} orders within a minute of the network's return, none twice (LOSS_SEED=${SEED})`,
  async () => {
    const random = createRandom(SEED);
    const opened = await openWorld(random);
    const { world, proxy } = opened;
    const { app, time } = world;
    const controls = createExchangeControls(world);
    const placed: ClientOrderId[] = [];
    const knownAfterMs: number[] = [];
    try {
      while (placed.length < ORDERS) {
        const ask = await bestAsk(opened);
        proxy.isDown = true;
        const some = await placeInTheDark(opened, Math.min(IN_ONE_OUTAGE, ORDERS - placed.length), ask, random);
        placed.push(...some);
        const unknown = new Set(unproven(world).map((order) => order.clientOrderId));
        expect(
          some.filter((id) => !unknown.has(id)),
          "nothing is known while nothing comes back",
        ).toEqual([]);

        proxy.isDown = false;
        const returnedAt = time.clock.now();
        const elapsedMs = () => time.clock.now() - returnedAt;
        while (unproven(world).length > 0 && elapsedMs() < KNOWN_WITHIN_MS) await pass(opened, STEP_MS);
        knownAfterMs.push(elapsedMs());
        expect(
          unproven(world).map((order) => order.clientOrderId),
          `unknown ${KNOWN_WITHIN_MS / 1_000} s after the return, LOSS_SEED=${SEED}`,
        ).toEqual([]);
      }
      process.stdout.write(
        `lost answers: LOSS_SEED=${SEED}, ${placed.length} orders, ${JSON.stringify(Object.fromEntries(proxy.losses))}, ` +
          `all known ${knownAfterMs.map((ms) => (ms / 1_000).toFixed(1)).join(", ")} s after the returns\n`,
      );

      for (let calmMs = 0; calmMs < CALM_MS; calmMs += 5_000) await pass(opened, 5_000);
      const truth = await controls.ledger();
      expect(ledgerDifferences(truth, world.simulator.apiKey, app)).toEqual([]);
      const theirs = truth.orders.flatMap((order) => order.clientOrderId ?? []);
      expect(new Set(theirs).size, "no client order id names two orders").toBe(theirs.length);
      expect(new Set(placed).size).toBe(ORDERS);
      // What the exchange has, we hold as taken; what it has not, we hold as never taken, with a reason.
      const taken = new Set(theirs);
      const wrong = placed.filter((clientOrderId) => {
        const order = app.stored?.orders.find({ clientOrderId });
        if (order === undefined) return true;
        return taken.has(clientOrderId) ? order.orderId === undefined : !isNeverTaken(order);
      });
      expect(wrong).toEqual([]);
      expect(world.anomalies).toEqual([]);
    } finally {
      await proxy.close();
      await world.close();
    }
  },
  TIMEOUT_MS,
);

it(
  "marks nothing as failed while every question fails for ten minutes, and knows all once they are answered",
  async () => {
    const random = createRandom(SEED + 2);
    const opened = await openWorld(random);
    const { world, proxy } = opened;
    try {
      const ask = await bestAsk(opened);
      proxy.isDown = true;
      const placed = await placeInTheDark(opened, FEW, ask, random);
      for (let awayMs = 0; awayMs < AWAY_MS; awayMs += 1_000) await pass(opened, 1_000);
      const unknown = unproven(world);
      expect(unknown.map((order) => order.clientOrderId).toSorted()).toEqual(placed.toSorted());
      expect(new Set(unknown.map((order) => order.state))).toEqual(new Set(["unknown"]));

      proxy.isDown = false;
      for (let backMs = 0; backMs < KNOWN_WITHIN_MS && unproven(world).length > 0; backMs += STEP_MS)
        await pass(opened, STEP_MS);
      expect(unproven(world)).toEqual([]);
      for (let calmMs = 0; calmMs < CALM_MS; calmMs += 5_000) await pass(opened, 5_000);
      const truth = await createExchangeControls(world).ledger();
      expect(ledgerDifferences(truth, world.simulator.apiKey, world.app)).toEqual([]);
    } finally {
      await proxy.close();
      await world.close();
    }
  },
  TIMEOUT_MS,
);

function isNeverTaken(order: Order): boolean {
  const isEnded = order.state === "expired" || order.state === "rejected";
  return isEnded && order.orderId === undefined && order.reason !== undefined;
}
