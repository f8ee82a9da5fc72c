import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ManualClock } from "../../manual-clock.ts";
import { createManualClock } from "../../manual-clock.ts";
import type { StreamVenue } from "./stream-venue.ts";
import { ack, agree, encodePush, startStreamVenue, takeThirty, until } from "./stream-venue.ts";
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
