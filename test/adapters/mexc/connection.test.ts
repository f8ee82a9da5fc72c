import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConnectionState } from "../../../src/core/ports/market-feed.ts";
import type { ConnectionTimings } from "../../../src/adapters/mexc/ws/connection-timings.ts";
import type { Connection } from "../../../src/adapters/mexc/ws/connection.ts";
import { createConnection } from "../../../src/adapters/mexc/ws/connection.ts";
import type { Push } from "../../../src/adapters/mexc/ws/decode-push.ts";
import { createPoisonBox } from "../../../src/adapters/mexc/ws/poison-box.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { ManualClock } from "../../manual-clock.ts";
import { createManualClock } from "../../manual-clock.ts";
import type { StreamVenue } from "./stream-venue.ts";
import { ack, agree, encodePush, QUIET, startStreamVenue, takeThirty, until } from "./stream-venue.ts";

let venue: StreamVenue;
const connections: Connection[] = [];

beforeEach(async () => {
  venue = await startStreamVenue();
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  await venue.close();
});

function connect(
  channels: readonly string[],
  timings: Partial<ConnectionTimings> = {},
  address = () => venue.url,
  clock: Clock = createSystemClock(),
) {
  const poison = createPoisonBox(clock, QUIET);
  const seen = {
    poison,
    accepted: [] as string[],
    renewed: 0,
    unreadable: 0,
    sources: [] as number[],
    pushes: [] as Push[],
    states: [] as ConnectionState[],
    refused: [] as (readonly [string, string])[],
    texts: [] as string[],
    subscribed: 0,
  };
  const connection = createConnection({
    address: () => Promise.resolve(address()),
    clock,
    poison,
    random: () => 1,
    logger: QUIET,
    timings: { pingMs: 1_000, silenceMs: 3_000, firstRetryMs: 4, longestRetryMs: 64, ...timings },
    listener: {
      push: (push, source) => {
        seen.pushes.push(push);
        seen.sources.push(source);
      },
      accepted: (channel) => seen.accepted.push(channel),
      renewed: () => {
        seen.renewed += 1;
      },
      unreadable: () => {
        seen.unreadable += 1;
      },
      state: (state) => seen.states.push(state),
      refused: (channel, reason) => seen.refused.push([channel, reason]),
      subscribed: () => {
        seen.subscribed += 1;
      },
      text: (text) => seen.texts.push(text),
    },
  });
  connections.push(connection);
  for (const channel of channels) connection.subscribe(channel);
  return { connection, seen };
}

const deals = (channel: string, price: string) => ({
  channel,
  symbol: "BTCUSDT",
  sendTime: 5,
  publicAggreDeals: { deals: [{ price, quantity: "1", tradeType: 1, time: 4 }] },
});
const asked = (index: number) => venue.sockets[index]?.messages.map(({ method, params }) => [method, params?.[0]]);

describe("a connection", () => {
  it("asks for each channel in a message of its own and says when all were answered", async () => {
    const { seen } = connect(["a", "b"]);
    await until(() => expect(seen.subscribed).toBe(1));
    expect(asked(0)).toEqual([
      ["SUBSCRIPTION", "a"],
      ["SUBSCRIPTION", "b"],
    ]);
    expect(seen.states.map((state) => state.kind)).toEqual(["connecting", "connected"]);
  });

  it("hands on what is pushed and puts aside what cannot be decoded", async () => {
    const { connection, seen } = connect(["a"]);
    await until(() => expect(seen.subscribed).toBe(1));
    expect(connection.lastDataAt).toBeUndefined();
    venue.sockets[0]?.socket.send(Buffer.from([0xff, 0xff]), { binary: true });
    venue.push(deals("a", "1"));
    await until(() => expect(seen.pushes).toHaveLength(1));
    expect(seen.pushes[0]).toMatchObject({ channel: "a", body: { kind: "deals" } });
    expect([seen.poison.count, seen.unreadable]).toEqual([1, 1]);
    expect(seen.poison.samples[0]).toMatchObject({ hex: "ffff" });
    expect(connection.lastDataAt).toBeGreaterThan(0);
  });

  it("comes back after a loss and asks for what is still wanted", async () => {
    const { connection, seen } = connect(["a", "b"]);
    await until(() => expect(seen.subscribed).toBe(1));
    connection.unsubscribe("a");
    await until(() => expect(asked(0)).toContainEqual(["UNSUBSCRIPTION", "a"]));
    venue.sockets[0]?.socket.terminate();
    await until(() => expect(asked(1)).toEqual([["SUBSCRIPTION", "b"]]));
    expect(seen.states).toContainEqual({ kind: "waiting", why: "the connection broke", retryInMs: 4 });
    expect(connection.reconnects).toBe(1);
  });

  it("says what kept it from connecting, and waits longer each time", async () => {
    await venue.close();
    const { seen } = connect(["a"]);
    await until(() => expect(seen.states.filter((state) => state.kind === "waiting").length).toBeGreaterThan(5));
    const waits = seen.states.flatMap((state) => (state.kind === "waiting" ? [state] : []));
    expect(waits.slice(0, 6).map((wait) => wait.retryInMs)).toEqual([4, 8, 16, 32, 64, 64]);
    expect(waits[0]?.why).toBe("the connection failed: ECONNREFUSED");
  });

  it("takes silence for a loss, but not while PONGs come", async () => {
    const time = createManualClock();
    const { seen } = connect(["a"], {}, undefined, time.clock);
    await until(() => expect(seen.subscribed).toBe(1));
    const pings = () => venue.sockets[0]?.messages.filter((it) => it.method === "PING").length;
    for (let round = 1; round <= 10; round += 1) {
      await time.advance(1_000);
      await until(() => expect(pings()).toBe(round));
    }
    expect(venue.sockets).toHaveLength(1);
    venue.answer = () => undefined;
    await until(async () => {
      await time.advance(1_000);
      expect(venue.sockets.length).toBeGreaterThan(1);
    });
    expect(seen.states).toContainEqual(expect.objectContaining({ kind: "waiting", why: "nothing was heard for 3 s" }));
  });

  it("reads a refusal from its text, although its code is 0", async () => {
    venue.answer = (message, it, socket) =>
      message.params?.[0] === "bad"
        ? ack(message.id, "Not Subscribed successfully! [bad].  Reason： Blocked! ")
        : agree(message, it, socket);
    const { seen } = connect(["good", "bad"]);
    await until(() => expect(seen.subscribed).toBe(1));
    expect(seen.refused).toEqual([["bad", "Blocked!"]]);
    venue.sockets[0]?.socket.terminate();
    await until(() => expect(asked(1)).toEqual([["SUBSCRIPTION", "good"]]));
  });

  it("takes a refusal that names nothing for the channel it answers", async () => {
    const late: (() => void)[] = [];
    venue.answer = (message, it, socket) => {
      if (message.params?.[0] === "bad") return ack(message.id, "Not Subscribed successfully! [].");
      late.push(() => venue.sockets[0]?.socket.send(agree(message, it, socket) ?? ""));
      if (late.length === 2) for (const send of late) send();
      return undefined;
    };
    const { seen } = connect(["one", "bad", "two"]);
    await until(() => expect(seen.subscribed).toBe(1));
    expect(seen.refused).toEqual([["bad", "no reason given"]]);
  });

  it("counts answers in their order when the exchange does not repeat the id", async () => {
    venue.answer = ({ params }) =>
      ack(0, params?.[0] === "bad" ? "Not Subscribed successfully! []." : (params ?? []).join(","));
    const { seen } = connect(["one", "bad", "two"]);
    await until(() => expect(seen.subscribed).toBe(1));
    expect(seen.refused.map(([channel]) => channel)).toEqual(["bad"]);
  });

  it("hands on plain texts and lives through ones that are no message", async () => {
    const { seen } = connect(["a"]);
    await until(() => expect(seen.subscribed).toBe(1));
    for (const text of ["Invalid listen key", "null", "1", "[]", "{", "\u001b[2Jboo"])
      venue.sockets[0]?.socket.send(text);
    await until(() => expect(seen.texts).toHaveLength(6));
    expect(seen.texts[0]).toBe("Invalid listen key");
    expect(seen.texts[5]).toBe("\uFFFD[2Jboo");
    expect(venue.sockets).toHaveLength(1);
  });

  it("moves to a new address when told to, leaving nothing of the old one behind", async () => {
    let path = "?key=1";
    const { connection, seen } = connect(["a"], {}, () => `${venue.url}${path}`);
    await until(() => expect(seen.subscribed).toBe(1));
    path = "?key=2";
    venue.push(deals("a", "1"));
    connection.reconnect("the key changed");
    connection.reconnect("the key changed again");
    await until(() => expect(seen.subscribed).toBe(2));
    expect(venue.sockets.map((it) => it.url)).toEqual(["/ws?key=1", "/ws?key=2"]);
    await until(() => expect(venue.open).toBe(1));
    // What lay in the buffers of the old socket is not handed on: the new one tells it, or a snapshot does.
    expect(seen.pushes).toEqual([]);
  });

  it("stays closed, even in the middle of connecting", async () => {
    const { connection, seen } = connect(["a"]);
    await until(() => expect(seen.states.length).toBeGreaterThan(0));
    connection.close();
    connection.reconnect("no");
    await until(() => expect(venue.open).toBe(0));
    expect(seen.states.some((state) => state.kind === "waiting")).toBe(false);
  });
});

describe("a connection that moves to a new socket", () => {
  const HOUR = 3_600_000;
  /** Lets virtual seconds pass until the check holds. */
  const passing = (time: ManualClock, check: () => void) =>
    until(async () => {
      await time.advance(500);
      check();
    });

  it("does so before its day is over, and tells what both say until the new one has everything", async () => {
    const time = createManualClock();
    const { seen, connection } = connect(["a", "b"], { pingMs: 15_000, silenceMs: 40_000 }, undefined, time.clock);
    await until(() => expect(seen.subscribed).toBe(1));
    await time.advance(22.53 * HOUR);
    expect(venue.sockets).toHaveLength(1);
    await passing(time, () => expect(asked(1)).toHaveLength(2));
    await passing(time, () => expect(seen.accepted.filter((channel) => channel === "b")).toHaveLength(2));
    expect(venue.open).toBe(2);
    // Only the old one tells "a" so far, so it may not go.
    venue.sockets[0]?.socket.send(encodePush(deals("a", "1")), { binary: true });
    await until(() => expect(seen.sources).toEqual([1]));
    await time.advance(10_000);
    expect([seen.renewed, venue.open]).toEqual([0, 2]);
    venue.push(deals("a", "2"));
    await passing(time, () => expect(seen.renewed).toBe(1));
    await until(() => expect(venue.open).toBe(1));
    expect(seen.sources.toSorted((left, right) => left - right)).toEqual([1, 1, 2]);
    venue.push(deals("b", "3"));
    await until(() => expect(seen.sources).toHaveLength(4));
    expect(seen.sources.at(-1)).toBe(2);
    expect(seen.states.map((state) => state.kind)).toEqual(["connecting", "connected"]);
    expect([connection.reconnects, connection.renewals]).toEqual([0, 1]);
  });

  it("keeps the old one when the new one does not come to speak, and tries again", async () => {
    const time = createManualClock();
    const { seen, connection } = connect(["a"], { pingMs: 15_000, silenceMs: 400_000 }, undefined, time.clock);
    await until(() => expect(seen.subscribed).toBe(1));
    venue.answer = () => undefined;
    connection.renew("for the test");
    await until(() => expect(venue.sockets).toHaveLength(2));
    await passing(time, () => expect(venue.sockets).toHaveLength(3));
    expect(seen.renewed).toBe(0);
    venue.answer = agree;
    await passing(time, () => expect(seen.renewed).toBe(1));
    await until(() => expect(venue.open).toBe(1));
    expect(connection.reconnects).toBe(0);
  });

  it("goes on with the new one at once when the old one breaks on the way", async () => {
    const time = createManualClock();
    const { seen, connection } = connect(["a"], {}, undefined, time.clock);
    await until(() => expect(seen.subscribed).toBe(1));
    connection.renew("for the test");
    await until(() => expect(seen.accepted).toEqual(["a", "a"]));
    venue.sockets[0]?.socket.terminate();
    await until(() => expect(seen.subscribed).toBe(2));
    expect(seen.states.map((state) => state.kind)).toEqual(["connecting", "connected", "connecting", "connected"]);
    venue.push(deals("a", "1"));
    await until(() => expect(seen.sources).toEqual([2]));
    expect(venue.sockets).toHaveLength(2);
  });

  it("keeps a channel that the new one is refused", async () => {
    const time = createManualClock();
    const { seen, connection } = connect(["a"], {}, undefined, time.clock);
    await until(() => expect(seen.subscribed).toBe(1));
    venue.answer = ({ id }) => ack(id, "Not Subscribed successfully! [a].  Reason： Blocked! ");
    connection.renew("for the test");
    await until(() => expect(venue.sockets).toHaveLength(2));
    await until(() => expect(venue.open).toBe(1));
    venue.push(deals("a", "1"));
    await until(() => expect(seen.sources).toEqual([1]));
    expect(seen.refused).toEqual([]);
  });

  it("when thirty subscriptions were made on the old one, however many were left since", async () => {
    const time = createManualClock();
    const { seen, connection } = connect(["kept"], {}, undefined, time.clock);
    await until(() => expect(seen.subscribed).toBe(1));
    for (let at = 1; at < 30; at += 1) {
      connection.subscribe(`c${at}`);
      connection.unsubscribe(`c${at}`);
    }
    await until(() => expect(venue.sockets[0]?.messages).toHaveLength(59));
    expect(venue.sockets).toHaveLength(1);
    connection.subscribe("one more");
    await until(() =>
      expect(asked(1)).toEqual([
        ["SUBSCRIPTION", "kept"],
        ["SUBSCRIPTION", "one more"],
      ]),
    );
    await passing(time, () => expect(seen.renewed).toBe(1));
    expect(seen.accepted).toContain("one more");
    expect(asked(0)).not.toContainEqual(["SUBSCRIPTION", "one more"]);
  });

  it("when the exchange says that the old one is full, and takes a doubled channel for what it is", async () => {
    const time = createManualClock();
    const { seen, connection } = connect(["a", "b"], {}, undefined, time.clock);
    await until(() => expect(seen.subscribed).toBe(1));
    const said: Record<string, string> = { c: "exceeds 30 subscriptions", d: "Duplicate subscription" };
    venue.answer = (message, it, socket) => {
      const channel = message.params?.[0] ?? "";
      const reason = venue.sockets.length === 1 ? said[channel] : undefined;
      return reason === undefined
        ? agree(message, it, socket)
        : ack(message.id, `Not Subscribed successfully! [${channel}].  Reason： ${reason} `);
    };
    connection.subscribe("d");
    await until(() => expect(seen.accepted).toContain("d"));
    connection.subscribe("c");
    await until(() => expect(seen.accepted).toContain("c"));
    expect(seen.refused).toEqual([]);
    expect(venue.sockets).toHaveLength(2);
  });

  it("and to another when that one is full before it took over, while what it tells goes on", async () => {
    venue.answer = takeThirty;
    const time = createManualClock();
    const { seen, connection } = connect(["kept"], {}, undefined, time.clock);
    await until(() => expect(seen.subscribed).toBe(1));
    connection.renew("for the test");
    await until(() => expect(seen.accepted).toEqual(["kept", "kept"]));
    for (let at = 1; at < 29; at += 1) {
      connection.subscribe(`c${at}`);
      connection.unsubscribe(`c${at}`);
    }
    connection.subscribe("there only");
    await until(() => expect(seen.accepted).toContain("there only"));
    let answerThird: () => void = () => undefined;
    const mayAnswer = new Promise<void>((resolve) => {
      answerThird = resolve;
    });
    venue.answer = (message, it, socket) => {
      if (socket !== venue.sockets[2]) return takeThirty(message, it, socket);
      void mayAnswer.then(() => {
        socket.socket.send(takeThirty(message, it, socket) ?? "");
      });
      return undefined;
    };
    connection.subscribe("late");
    await until(() => expect(asked(2)?.map(([, channel]) => channel)).toEqual(["kept", "there only", "late"]));
    venue.sockets[1]?.socket.send(encodePush(deals("there only", "1")), { binary: true });
    await until(() => expect(seen.sources).toEqual([2]));
    answerThird();
    await until(() => expect(seen.accepted).toContain("late"));
    await until(() => expect(venue.open).toBe(2));
    await passing(time, () => expect(seen.renewed).toBe(1));
    expect(seen.refused).toEqual([]);
    expect(connection.reconnects).toBe(0);
  });

  it("and to another when that one is refused a channel for want of room", async () => {
    const { seen, connection } = connect(["kept"]);
    await until(() => expect(seen.subscribed).toBe(1));
    // This exchange counts to ten.
    venue.answer = (message, it, socket) =>
      socket.messages.filter(({ method }) => method === "SUBSCRIPTION").length > 10
        ? ack(message.id, `Not Subscribed successfully! [${message.params?.[0] ?? ""}].  Reason： exceeds 10 `)
        : agree(message, it, socket);
    connection.renew("for the test");
    await until(() => expect(seen.accepted).toEqual(["kept", "kept"]));
    for (let at = 1; at < 10; at += 1) {
      connection.subscribe(`c${at}`);
      connection.unsubscribe(`c${at}`);
    }
    connection.subscribe("late");
    await until(() => expect(seen.accepted).toContain("late"));
    expect(seen.refused).toEqual([]);
    expect(venue.sockets).toHaveLength(3);
  });

  it("never sends a message longer than the exchange takes", async () => {
    const { seen } = connect(["a", "龙".repeat(400)]);
    await until(() => expect(seen.refused).toEqual([["龙".repeat(400), "its name is too long to be asked for"]]));
    await until(() => expect(asked(0)).toEqual([["SUBSCRIPTION", "a"]]));
  });
});

it("waits longer and longer where it may subscribe and is told nothing", async () => {
  const { seen } = connect(["a"]);
  for (let round = 1; round <= 4; round += 1) {
    await until(() => expect(seen.subscribed).toBe(round));
    venue.sockets.at(-1)?.socket.terminate();
  }
  await until(() => expect(seen.subscribed).toBe(5));
  const waits = () => seen.states.flatMap((state) => (state.kind === "waiting" ? [state.retryInMs] : []));
  expect(waits()).toEqual([4, 8, 16, 32]);
  venue.push(deals("a", "1"));
  await until(() => expect(seen.pushes).toHaveLength(1));
  venue.sockets.at(-1)?.socket.terminate();
  await until(() => expect(waits()).toHaveLength(5));
  expect(waits().at(-1)).toBe(4);
});
