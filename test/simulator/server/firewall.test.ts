import { expect, it } from "vitest";
import { Firewall } from "../../../src/simulator/server/firewall.ts";
import { startSimulator } from "../../../src/simulator/start-simulator.ts";
import { createClient } from "./signed-client.ts";

const HERE = "127.0.0.1";

/** How many of `count` evenly spaced requests get through before the wall shuts. */
function admitted(firewall: Firewall, aSecond: number, seconds: number, from = 0): number {
  let count = 0;
  for (; count < aSecond * seconds; count += 1) {
    if (!firewall.admit(HERE, from + (count * 1_000) / aSecond)) break;
  }
  return count;
}

it("lets a client be that keeps to twelve order actions and twenty requests a second", () => {
  expect(admitted(new Firewall(), 32, 600)).toBe(32 * 600);
});

it("shuts after a burst of 120, for a minute and a half, whatever is asked meanwhile", () => {
  const firewall = new Firewall();
  expect(admitted(firewall, 1_000_000, 1)).toBe(120);
  expect(firewall.admit(HERE, 45_000)).toBe(false);
  expect(firewall.admit("127.0.0.2", 45_000)).toBe(true);
  expect(firewall.admit(HERE, 90_001)).toBe(true);
});

it("shuts on a long load of forty a second", () => {
  expect(admitted(new Firewall(), 40, 60)).toBeLessThan(40 * 20);
});

it("answers a page for any path of the host, without Retry-After, and can be switched off", async () => {
  let now = Date.now();
  const simulator = await startSimulator({ symbolCount: 1, limits: true, now: () => now });
  const client = createClient(simulator);
  try {
    for (let count = 0; count < 120; count += 1) await client.call("GET", "/api/v3/nothing");
    const reply = await client.call("GET", "/api/v3/ping");
    expect([reply.status, reply.headers.get("content-type"), reply.headers.get("retry-after")]).toEqual([
      403,
      "text/html",
      null,
    ]);
    expect(reply.body).toContain("<html>");
    expect((await client.call("GET", "/api/v1/contract/detail")).status).toBe(403);
    await client.control("switches", { firewall: "off" });
    expect((await client.call("GET", "/api/v3/ping")).status).toBe(200);
    await client.control("switches", { firewall: "on" });
    now += 90_001;
    expect((await client.call("GET", "/api/v3/ping")).status).toBe(200);
  } finally {
    await simulator.close();
  }
});
