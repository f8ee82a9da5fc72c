import { expect, onTestFinished, vi } from "vitest";
import type { SimulatorOptions } from "../../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";
import type { StreamClient } from "./stream-client.ts";
import { connect } from "./stream-client.ts";

export const START = Date.UTC(2026, 0, 1);

/** A simulator that ends with the test, on a clock the test moves. */
export async function startStepped(options: SimulatorOptions = {}) {
  let now = START;
  const simulator = await startSimulator({ symbolCount: 3, ...options, now: () => now, manual: true });
  onTestFinished(() => simulator.close());
  const client = createClient(simulator, () => now);
  const stream = async (query = ""): Promise<StreamClient> => {
    const connected = await connect(`${simulator.wsUrl}${query}`);
    onTestFinished(() => {
      connected.socket.terminate();
    });
    return connected;
  };
  return {
    simulator,
    client,
    now: () => now,
    stream,
    /** A stream that has been told of its channels. */
    listen: async (channels: readonly string[], query = ""): Promise<StreamClient> => {
      const connected = await stream(query);
      connected.subscribe(...channels);
      await vi.waitFor(() => expect(connected.texts).toHaveLength(1));
      return connected;
    },
    listenKey: async (): Promise<string> => {
      const { body } = await client.signed("POST", "/userDataStream");
      return (body as { readonly listenKey: string }).listenKey;
    },
    advance: (ms: number) => {
      now += ms;
      simulator.step();
    },
  };
}

/** Fulfilled when the server has handled all that was sent on this stream before. */
export async function settled(stream: StreamClient): Promise<void> {
  const heard = stream.texts.length;
  stream.say({ method: "PING" });
  await vi.waitFor(() => expect(stream.texts.length).toBeGreaterThan(heard), { interval: 5, timeout: 10_000 });
}
