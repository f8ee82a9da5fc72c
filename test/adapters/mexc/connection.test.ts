import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createManualClock } from "../../manual-clock.ts";
import type { StreamVenue } from "./stream-venue.ts";
import { ack, agree, startStreamVenue, until } from "./stream-venue.ts";
import type { ConnectionOptions } from "./watched-connection.ts";
import { deals, openWatchedConnection } from "./watched-connection.ts";

let venue: StreamVenue;

beforeEach(async () => {
  venue = await startStreamVenue();
});
afterEach(async () => {
  await venue.close();
});

const connect = (...options: ConnectionOptions) => openWatchedConnection(venue, ...options);
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

  it("takes a socket that answers no subscription for a dead one, and waits longer each time", async () => {
    const time = createManualClock();
    venue.answer = (message, it, socket) => (message.method === "PING" ? agree(message, it, socket) : undefined);
    const { seen } = connect(["a", "b"], { answerMs: 10_000 }, undefined, time.clock);
    const waits = () => seen.states.flatMap((state) => (state.kind === "waiting" ? [state] : []));
    await until(() => expect(asked(0)).toHaveLength(2));
    await time.advance(9_999);
    expect(waits()).toEqual([]);
    await time.advance(1);
    const why = "the exchange left a subscription unanswered for 10 s";
    expect(waits()).toEqual([{ kind: "waiting", why, retryInMs: 4 }]);
    await until(async () => {
      await time.advance(1_000);
      expect(waits().map(({ retryInMs }) => retryInMs)).toEqual([4, 8, 16]);
    });
    venue.answer = agree;
    await until(async () => {
      await time.advance(1_000);
      expect(seen.subscribed).toBe(1);
    });
    const { length } = venue.sockets;
    await time.advance(60_000);
    expect(venue.sockets).toHaveLength(length);
  });

  it("takes what a channel pushes for the answer that was lost", async () => {
    const time = createManualClock();
    venue.answer = (message, it, socket) => (message.method === "PING" ? agree(message, it, socket) : undefined);
    const { seen } = connect(["a"], { answerMs: 10_000, silenceMs: 60_000 }, undefined, time.clock);
    await until(() => expect(asked(0)).toHaveLength(1));
    venue.push(deals("a", "1"));
    await until(() => expect(seen.pushes).toHaveLength(1));
    await time.advance(10_000);
    expect([seen.accepted, seen.subscribed, venue.sockets.length]).toEqual([["a"], 1, 1]);
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
