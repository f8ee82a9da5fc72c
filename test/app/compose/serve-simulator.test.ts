import { describe, expect, it } from "vitest";
import { serveSimulator } from "../../../src/app/compose/serve-simulator.ts";
import { EXIT_CODES } from "../../../src/core/domain/errors.ts";

describe("serving the simulated exchange", () => {
  it.each([
    [{ "no-such-fact": "on" }, /no switch "no-such-fact"; there are .*price-band/],
    [{ "price-band": "sideways" }, /price-band is one of around-last, literal/],
  ])("takes the switches %j for a mistake on the command line", async (switches, message) => {
    await expect(serveSimulator({ switches })).rejects.toMatchObject({
      code: "SWITCH_INVALID",
      exitCode: EXIT_CODES.usage,
      message: expect.stringMatching(message) as unknown,
    });
  });
});
