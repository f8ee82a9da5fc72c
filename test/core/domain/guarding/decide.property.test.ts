import fc from "fast-check";
import { expect, it } from "vitest";
import type { GuardAction } from "../../../../src/core/domain/guarding/guard-view.ts";
import { levelOf } from "../../../../src/core/domain/guarding/trigger-level.ts";
import type { ClientOrderId } from "../../../../src/core/domain/identifiers.ts";
import { clientOrderId, orderId } from "../../../../src/core/domain/identifiers.ts";
import type { Price, Quantity } from "../../../../src/core/domain/money.ts";
import { minimum, notionalOf, price, quantity, ratio } from "../../../../src/core/domain/money.ts";
import { isImmediate, isWorking } from "../../../../src/core/domain/order.ts";
import type { Protection, ProtectionLeg } from "../../../../src/core/domain/protection.ts";
import { createScene, stopAt, target } from "./guard-scene.ts";

const STEP = quantity("0.0001");
const ZERO = 0n as Quantity;
const MOST_STEPS = 160;

/** An order as the exchange keeps it, whatever it has told us. */
interface Booked {
  readonly side: "buy" | "sell";
  readonly size: Quantity;
  readonly isImmediate: boolean;
  executed: Quantity;
  told: Quantity;
  isOpen: boolean;
  /** The request never arrived. */
  readonly isAbsent: boolean;
}

type Shape = "quantity" | "linked" | "entry" | "holding";

/** One protection against an exchange that answers as it likes, driven by the numbers of one seed. */
function createWorld(seed: number, shape: Shape, withTrail: boolean, limitExit: boolean) {
  const next = randomOf(seed);
  const chance = (share: number) => next() < share;
  const part = (whole: Quantity) => ((((whole / STEP) * BigInt(Math.floor(next() * 5))) / 4n) * STEP) as Quantity;
  const size = ((BigInt(20 + Math.floor(next() * 2_000)) * (STEP as bigint)) / (chance(0.2) ? 3n : 1n)) as Quantity;
  const coverage: Protection["coverage"] =
    shape === "entry"
      ? { kind: "entry", clientOrderId: clientOrderId("entry") }
      : shape === "holding"
        ? { kind: "holding" }
        : { kind: "quantity", quantity: size };
  const trail: ProtectionLeg = {
    legId: "trail",
    rule: { kind: "trailing-stop", distance: { kind: "ratio", ratio: ratio("0.02") } },
    state: "live",
    attempts: [],
    ...(shape === "entry" ? {} : { highest: price("65000") }),
  };
  const scene = createScene({
    protection: {
      coverage,
      legs: [
        stopAt("60000"),
        ...(withTrail ? [trail] : []),
        target("tp1", "68000", "0.3"),
        target("tp2", "69000", "0.7"),
      ],
      ...(shape === "linked" ? { linkedOrderId: clientOrderId("linked") } : {}),
      ...(limitExit ? { exit: { kind: "limit", offset: ratio("0.002") } } : {}),
    },
    free: "0",
  });
  const books = new Map<ClientOrderId, Booked>();
  let bought = ZERO;

  const exits = () => [...books].filter(([id]) => id.startsWith("exit-"));
  const closing = () => [...books].filter(([id]) => id.startsWith("close-"));
  const sold = () =>
    [...books.values()].reduce((sum, one) => (one.side === "sell" ? ((sum + one.executed) as Quantity) : sum), ZERO);
  const covered = () => (shape === "entry" ? bought : size);
  const total = () => (covered() - sold()) as Quantity;
  const locked = () =>
    [...books.values()].reduce(
      (sum, one) => (one.side === "sell" && one.isOpen ? ((sum + one.size - one.executed) as Quantity) : sum),
      ZERO,
    );
  const tellBalance = () => {
    scene.wait(1);
    scene.balance((total() - locked()) as Quantity, locked());
  };

  function book(id: ClientOrderId, side: "buy" | "sell", amount: Quantity, more: Partial<Booked> = {}): void {
    const wanted = {
      side,
      size: amount,
      isImmediate: false,
      executed: ZERO,
      told: ZERO,
      isOpen: true,
      isAbsent: false,
    };
    books.set(id, { ...wanted, ...more });
  }

  function execute(id: ClientOrderId, amount: Quantity): void {
    const one = books.get(id);
    if (one?.isOpen !== true) return;
    one.executed = (one.executed + minimum(amount, (one.size - one.executed) as Quantity)) as Quantity;
    if (one.side === "buy") bought = one.executed;
    if (one.executed === one.size) one.isOpen = false;
  }

  /** The stream or a query brings all there is to tell of an order. */
  function tell(id: ClientOrderId): void {
    const one = books.get(id);
    const order = scene.ledger.orders.get(id);
    if (one === undefined || order === undefined) return;
    if (one.isAbsent) {
      if (isWorking(order)) {
        scene.apply({ type: "order-absent", clientOrderId: id, reason: { code: "ABSENT", message: "never was" } });
      }
      return;
    }
    const at = price("65000");
    scene.apply({
      type: "order-reported",
      clientOrderId: id,
      source: "query",
      report: {
        orderId: order.orderId ?? orderId(`C02__${id}`),
        clientOrderId: id,
        symbol: order.symbol,
        side: order.side,
        type: order.type,
        quantity: one.size,
        status:
          one.executed === one.size
            ? "filled"
            : one.isOpen
              ? one.executed > 0n
                ? "partially-filled"
                : "open"
              : "cancelled",
        executedQuantity: one.executed,
        executedNotional: notionalOf(at, one.executed, "half-even"),
        createdAt: order.createdAt,
      },
    });
    const untold = (one.executed - one.told) as Quantity;
    if (untold > 0n && !chance(0.1)) {
      scene.wait(1);
      scene.fill(id, untold, at);
      one.told = one.executed;
    }
  }

  /** A person closes a part: by one commit, and only while no exit may sell, as the plan and the version see to. */
  function close(): void {
    const mayStillSell = [...exits(), ...closing()].some(([id]) => isWorking(scene.order(id)));
    const unlocked = (total() - locked()) as Quantity;
    const amount = part(unlocked);
    if (mayStillSell || scene.protection().state === "ended" || amount < STEP) return;
    const id = clientOrderId(`close-${closing().length}`);
    const sale = { closeOrderId: id, after: ZERO, quantity: amount };
    scene.apply({ type: "close-attempted", protectionId: scene.protection().protectionId, sale });
    const rests = chance(0.3);
    scene.place(id, { side: "sell", type: rests ? "limit" : "market" }, format(amount), "72000");
    book(id, "sell", amount, { isImmediate: !rests });
  }

  function perform(action: GuardAction, isKind: boolean): void {
    switch (action.kind) {
      case "publish":
        scene.apply(...action.events);
        return;
      case "cancel": {
        const { clientOrderId: id } = action;
        scene.apply({ type: "cancel-intended", clientOrderId: id });
        if (!isKind && chance(0.3)) execute(id, part(books.get(id)?.size ?? ZERO));
        const one = books.get(id);
        if (one !== undefined && (isKind || chance(0.7))) one.isOpen = false;
        if (isKind || chance(0.7)) tell(id);
        return;
      }
      case "prove":
        if (isKind || chance(0.6)) tell(action.clientOrderId);
        return;
      case "exit": {
        if (!isKind && chance(0.1)) {
          scene.deny(action);
          return;
        }
        const amount = action.draft.size.kind === "base" ? action.draft.size.quantity : ZERO;
        const id = scene.intend(action);
        const fits = amount <= total() - locked();
        if (!fits || (!isKind && chance(0.15))) {
          book(id, "sell", amount, { isOpen: false, isAbsent: true });
          scene.reject(id);
          return;
        }
        const isLost = !isKind && chance(0.3);
        const arrived = !isLost || chance(0.5);
        book(id, "sell", amount, { isImmediate: true, isOpen: arrived, isAbsent: !arrived });
        if (isLost) scene.lose(id);
        else scene.accept(id);
        if (isKind) execute(id, amount);
      }
    }
  }

  if (shape === "entry") {
    book(scene.place("entry", { side: "buy" }, format(size), "65000"), "buy", size);
  } else if (shape === "linked") {
    book(scene.place("linked", { side: "sell" }, format(size), "72000"), "sell", size);
  }
  tellBalance();

  return {
    scene,
    exits,
    closing,
    sold,
    covered,
    books,
    perform,
    tellBalance,
    tellAll: () => {
      for (const id of books.keys()) tell(id);
    },
    /** Immediate orders end on their own. */
    endImmediates: (whole: boolean) => {
      for (const [id, one] of [...exits(), ...closing()]) {
        if (!one.isOpen || !one.isImmediate) continue;
        if (whole) execute(id, one.size);
        one.isOpen = false;
      }
    },
    /** One thing of the world. */
    step(): void {
      const roll = next();
      const ids = [...books.keys()];
      const someone = ids[Math.floor(next() * ids.length)];
      if (roll < 0.3) {
        const bad = chance(0.1) ? (chance(0.5) ? 1n : 1_000_000n) : undefined;
        const walk = BigInt(58_000 + Math.floor(next() * 13_000));
        const at = ((bad ?? walk) * price("1")) as Price;
        scene.see({ last: at }, ...(chance(0.7) && bad === undefined ? [{ last: at }] : []), {
          bid: (walk * price("1")) as Price,
        });
      } else if (roll < 0.55) {
        const action = scene.decide()[0];
        if (action !== undefined) perform(action, false);
      } else if (roll < 0.7 && someone !== undefined) {
        execute(someone, part(books.get(someone)?.size ?? ZERO));
        const one = books.get(someone);
        if (one?.isImmediate === true && chance(0.5)) one.isOpen = false;
      } else if (roll < 0.85 && someone !== undefined) tell(someone);
      else if (roll < 0.9) tellBalance();
      else if (roll < 0.93) scene.trading(chance(0.5) ? { kind: "halted", reason: "panic" } : { kind: "active" });
      else if (roll < 0.95) scene.forget();
      else if (roll < 0.97) close();
      else scene.wait(Math.floor(next() * 20_000));
    },
  };
}

const worlds = fc.record({
  seed: fc.integer(),
  shape: fc.constantFrom<Shape>("quantity", "linked", "entry", "holding"),
  withTrail: fc.boolean(),
  limitExit: fc.boolean(),
});

it("never sells more than it covers, never two at a time, a rung once; stops only rise; and it ends sold", () => {
  fc.assert(
    fc.property(worlds, ({ seed, shape, withTrail, limitExit }) => {
      const world = createWorld(seed, shape, withTrail, limitExit);
      const { scene } = world;
      const levels = new Map<string, bigint>();
      const check = () => {
        const open = world.exits().filter(([, one]) => one.isOpen);
        expect(open.length).toBeLessThanOrEqual(1);
        const linked = world.books.get(clientOrderId("linked"));
        if (open.length > 0) expect(linked?.isOpen ?? false).toBe(false);
        if (open.length > 0) expect(world.closing().filter(([, one]) => one.isOpen)).toEqual([]);
        const mayStill = open.reduce((sum, [, one]) => sum + one.size - one.executed, 0n);
        expect(world.sold() + mayStill <= world.covered()).toBe(true);
        for (const leg of scene.protection().legs) {
          const level = levelOf(leg);
          if (level?.side === "at-or-below") {
            expect(level.price >= (levels.get(leg.legId) ?? 0n)).toBe(true);
            levels.set(leg.legId, level.price);
          }
          if (leg.rule.kind !== "take-profit") continue;
          const sold = leg.attempts.reduce(
            (sum, { exitOrderId }) => sum + (world.books.get(exitOrderId)?.executed ?? 0n),
            0n,
          );
          expect(sold <= (leg.target ?? 0n)).toBe(true);
        }
      };
      for (let round = 0; round < MOST_STEPS; round += 1) {
        world.step();
        check();
      }
      // The faults stop, and the price stays below the stop.
      scene.trading({ kind: "active" });
      for (let round = 0; round < 60 && scene.protection().state === "armed"; round += 1) {
        world.endImmediates(true);
        for (let telling = 0; telling < 4; telling += 1) world.tellAll();
        world.tellBalance();
        scene.wait(31_000);
        scene.see({ bid: price("55000") }, { last: price("55000") }, { last: price("55000") });
        for (let acts = 0; acts < 8; acts += 1) {
          const action = scene.decide()[0];
          if (action === undefined) break;
          world.perform(action, true);
          check();
        }
      }
      const { state, endedBecause } = scene.protection();
      expect(state).toBe("ended");
      expect(world.covered() - world.sold(), endedBecause).toBeLessThan(STEP);
    }),
    { numRuns: 400 },
  );
});

it("an action other than a note is taken only when every exit is proven", () => {
  fc.assert(
    fc.property(worlds, ({ seed, shape, withTrail, limitExit }) => {
      const world = createWorld(seed, shape, withTrail, limitExit);
      for (let round = 0; round < MOST_STEPS; round += 1) {
        world.step();
        const unproven = world.exits().some(([id]) => isWorking(world.scene.order(id)));
        const kinds = new Set(world.scene.decide().map(({ kind }) => kind));
        if (unproven) expect([...kinds].filter((kind) => kind !== "prove")).toEqual([]);
        for (const [id] of world.exits()) expect(isImmediate(world.scene.order(id).type)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

function format(amount: Quantity): string {
  const digits = amount.toString().padStart(19, "0");
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`;
}

/** Small and even enough for a test; the same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
