import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningSimulator } from "../../src/simulator/start-simulator.ts";
import { startSimulator } from "../../src/simulator/start-simulator.ts";
import { SWITCHES, Switches } from "../../src/simulator/switches.ts";
import { createClient } from "./server/signed-client.ts";

describe("the table of uncertain facts", () => {
  it.each(Object.entries(SWITCHES))("%s stands at a value it may have", (name, fact) => {
    expect(() => new Switches({ [name]: fact.usual })).not.toThrow();
    expect(fact.meaning).not.toBe("");
    expect(fact.section).toMatch(/^\d+(\.\d+)?$/);
  });
});

describe("switches over the wire", () => {
  let simulator: RunningSimulator;
  let client: ReturnType<typeof createClient>;
  beforeAll(async () => {
    simulator = await startSimulator({ symbolCount: 1, switches: { "signature-case": "any" } });
    client = createClient(simulator);
  });
  afterAll(() => simulator.close());

  const standing = async (): Promise<Readonly<Record<string, unknown>>> => {
    const { body } = await client.control("switches");
    const rows = (body as { readonly switches: readonly { readonly name: string; readonly value: unknown }[] })
      .switches;
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  };

  it("are listed with their values, set, and put back by a reset", async () => {
    expect(await standing()).toMatchObject({ "signature-case": "any", "cancel-all-code": "200" });
    await client.control("switches", { "cancel-all-code": 0, "cancel-latency-ms": "250" });
    expect(await standing()).toMatchObject({ "cancel-all-code": "0", "cancel-latency-ms": 250 });
    await client.control("reset", {});
    expect(await standing()).toMatchObject({
      "signature-case": "any",
      "cancel-all-code": "200",
      "cancel-latency-ms": SWITCHES["cancel-latency-ms"].usual,
    });
  });

  it.each([
    [{ "no-such": "x" }, "signature-case"],
    [{ __proto__: { x: "1" }, constructor: "x" }, "no switch"],
    [{ "signature-case": "upper" }, "lower, any"],
    [{ "cancel-latency-ms": -1 }, "from 0 to 60000"],
    [{ "cancel-latency-ms": "soon" }, "from 0 to 60000"],
  ])("refuse %j and say what is allowed, changing nothing", async (settings, said) => {
    const before = await standing();
    const reply = await client.control("switches", { "cancel-all-code": "0", ...settings });
    expect(reply).toMatchObject({ status: 400, body: { error: expect.stringContaining(said) as unknown } });
    expect(await standing()).toEqual(before);
  });
});

it("an exchange with a wrong switch does not start", async () => {
  await expect(startSimulator({ symbolCount: 1, switches: { firewall: "maybe" } })).rejects.toThrow("one of on, off");
});
