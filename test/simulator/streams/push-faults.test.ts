import { describe, expect, it } from "vitest";
import type { Quantity } from "../../../src/core/domain/money.ts";
import type { PushFault } from "../../../src/simulator/streams/push-faults.ts";
import type { Fields } from "../decode-push.ts";
import { decodePush } from "../decode-push.ts";
import { runSimulation } from "../simulation-run.ts";
import { listen } from "./ear.ts";
import { pushFault } from "./push-fault.ts";

const depthOf = (symbol: string) => `spot@public.aggre.depth.v3.api.pb@100ms@${symbol}`;
const ACCOUNT = "spot@private.account.v3.api.pb";

/** Three seconds of depth pushes as they came. */
function hear(...faults: readonly (Partial<PushFault> & Pick<PushFault, "kind">)[]) {
  const run = runSimulation();
  const ear = listen(run);
  ear.subscribe(depthOf("BTCUSDT"));
  run.pass(200);
  ear.frames.length = 0;
  for (const fault of faults) run.hub.faults.add(pushFault(fault));
  run.pass(3_000);
  return ear.frames.map((frame) => ({ frame, push: tryDecode(frame) }));
}

function tryDecode(frame: Uint8Array): Fields | undefined {
  try {
    return decodePush(frame);
  } catch {
    return undefined;
  }
}

const versionsOf = (heard: ReturnType<typeof hear>): readonly string[] =>
  heard.map(({ push }) => {
    const depths = push?.["publicAggreDepths"] as { readonly fromVersion: string } | undefined;
    return depths?.fromVersion ?? "poison";
  });

const clean = versionsOf(hear());

describe("the next pushes", () => {
  it("are dropped, and the versions have a gap", () => {
    expect(versionsOf(hear({ kind: "drop-push", count: 2 }))).toEqual(clean.slice(2));
  });

  it("come twice", () => {
    expect(versionsOf(hear({ kind: "duplicate-push", count: 2 }))).toEqual([
      clean[0],
      clean[0],
      clean[1],
      clean[1],
      ...clean.slice(2),
    ]);
  });

  it("come after the one that follows them", () => {
    const [first, second, third, ...rest] = clean;
    expect(versionsOf(hear({ kind: "reorder-push" }))).toEqual([second, first, third, ...rest]);
    expect(versionsOf(hear({ kind: "reorder-push", count: 2 }))).toEqual([third, first, second, ...rest]);
  });

  it("come late", () => {
    const heard = hear({ kind: "delay-push", delayMs: 1_000 });
    expect(versionsOf(heard).toSorted()).toEqual(clean.toSorted());
    const at = versionsOf(heard).indexOf(clean[0] ?? "");
    const sentAt = (place: number) => Number(heard[place]?.push?.["sendTime"]);
    expect(sentAt(at - 1)).toBeLessThan(sentAt(at) + 1_000);
    expect(sentAt(at + 1)).toBeGreaterThanOrEqual(sentAt(at) + 1_000);
  });

  it("cannot be decoded", () => {
    const heard = hear({ kind: "poison-push", count: 5 });
    expect(versionsOf(heard)).toEqual([...Array.from({ length: 5 }, () => "poison"), ...clean.slice(5)]);
    // Each in its own way, and never so short that there is nothing of it.
    expect(new Set(heard.slice(0, 5).map(({ frame }) => frame.length)).size).toBeGreaterThan(1);
    for (const { frame } of heard) expect(frame.length).toBeGreaterThan(20);
  });

  it("of a fault that came first are hit first", () => {
    const heard = versionsOf(hear({ kind: "drop-push" }, { kind: "duplicate-push" }));
    expect(heard).toEqual([clean[1], clean[1], ...clean.slice(2)]);
  });
});

describe("a seeded share of the pushes", () => {
  it("is the same each time for one seed, and another for another", () => {
    const dropped = (seed: number) => versionsOf(hear({ kind: "drop-push", share: 0.3, seed }));
    expect(dropped(5)).toEqual(dropped(5));
    expect(dropped(5)).not.toEqual(dropped(6));
    expect(dropped(5).length).toBeLessThan(clean.length);
    expect(dropped(5).length).toBeGreaterThan(clean.length / 3);
  });

  it("ends when the faults are cleared", () => {
    const run = runSimulation();
    const ear = listen(run);
    ear.subscribe(depthOf("BTCUSDT"));
    run.hub.faults.add(pushFault({ kind: "drop-push", share: 1 }));
    run.pass(1_000);
    expect(ear.frames).toEqual([]);
    run.hub.faults.clear();
    run.pass(300);
    expect(ear.frames).toHaveLength(3);
  });
});

describe("a fault", () => {
  it("strikes the market and the channel it names, and no other", () => {
    const run = runSimulation();
    const ear = listen(run);
    const names = [depthOf("BTCUSDT"), depthOf("ETHUSDT"), "spot@public.aggre.bookTicker.v3.api.pb@100ms@ETHUSDT"];
    ear.subscribe(...names);
    run.hub.faults.add(pushFault({ kind: "drop-push", share: 1, symbol: "ETHUSDT" }));
    run.pass(2_000);
    const heard = new Set(ear.frames.map((frame) => decodePush(frame)["channel"]));
    expect(heard).toEqual(new Set([names[0], names[2]]));
    run.hub.faults.clear();
    run.hub.faults.add(pushFault({ kind: "drop-push", share: 1, channel: "bookTicker" }));
    ear.frames.length = 0;
    run.pass(2_000);
    expect(new Set(ear.frames.map((frame) => decodePush(frame)["channel"]))).toEqual(new Set(names.slice(0, 2)));
  });

  it("of private pushes drops, doubles, reorders and delays them", () => {
    const run = runSimulation();
    const ear = listen(run, "me");
    ear.subscribe(ACCOUNT);
    const faults = ["drop-push", "duplicate-push", "reorder-push", "delay-push"] as const;
    for (const kind of faults) run.hub.faults.add(pushFault({ kind, channel: "private.account", delayMs: 500 }));
    for (let amount = 1n; amount <= 6n; amount += 1n)
      run.exchange.deposit("me", "USDT", (amount * 10n ** 18n) as Quantity);
    run.pass(400);
    // Deposits of 1 to 6: the first is lost, the second doubled, the third overtaken and the fourth late.
    const changes = () => ear.bodies("privateAccount").map((body) => body["balanceAmountChange"]);
    expect(changes()).toEqual(["2", "2", "5", "3", "6"]);
    run.pass(200);
    expect(changes()).toEqual(["2", "2", "5", "3", "6", "4"]);
  });

  it("that reorders lets a push go after a second when none follows", () => {
    const run = runSimulation();
    const ear = listen(run, "me");
    ear.subscribe(ACCOUNT);
    run.hub.faults.add(pushFault({ kind: "reorder-push", channel: "private" }));
    run.exchange.deposit("me", "USDT", 1n as Quantity);
    run.pass(950);
    expect(ear.frames).toHaveLength(0);
    run.pass(50);
    expect(ear.frames).toHaveLength(1);
  });
});

describe("a stall", () => {
  it("silences the market or the channel it names, and what happened comes after without a gap", () => {
    const run = runSimulation();
    const ear = listen(run);
    ear.subscribe(depthOf("BTCUSDT"), depthOf("ETHUSDT"));
    run.pass(200);
    ear.frames.length = 0;
    run.hub.faults.stall({ channel: "aggre.depth", symbol: "BTCUSDT" }, run.now() + 2_000);
    run.pass(1_900);
    const heard = () => ear.frames.map(decodePush);
    expect(new Set(heard().map((push) => push["symbol"]))).toEqual(new Set(["ETHUSDT"]));
    run.pass(300);
    const ranges = ear
      .bodies("publicAggreDepths")
      .filter((_, at) => heard()[at]?.["symbol"] === "BTCUSDT")
      .map((body) => [Number(body["fromVersion"]), Number(body["toVersion"])] as const);
    expect(ranges.length).toBeGreaterThan(1);
    for (const [at, [from]] of ranges.entries()) if (at > 0) expect(from).toBe((ranges[at - 1]?.[1] ?? 0) + 1);
    expect((ranges[0]?.[1] ?? 0) - (ranges[0]?.[0] ?? 0)).toBeGreaterThan(20);
  });

  it("keeps private events in their order", () => {
    const run = runSimulation();
    const ear = listen(run, "me");
    ear.subscribe(ACCOUNT);
    run.hub.faults.stall({ channel: "private" }, run.now() + 1_000);
    for (const amount of [1n, 2n, 3n]) run.exchange.deposit("me", "USDT", (amount * 10n ** 18n) as Quantity);
    run.pass(900);
    expect(ear.frames).toHaveLength(0);
    run.pass(100);
    run.exchange.deposit("me", "USDT", (4n * 10n ** 18n) as Quantity);
    expect(ear.bodies("privateAccount").map((body) => body["balanceAmountChange"])).toEqual(["1", "2", "3", "4"]);
  });
});
