import { expect, it, vi } from "vitest";
import { settled, startStepped } from "./stepped-simulator.ts";

const DEPTH = "spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT";
const ORDER = "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.01&price=60000";

it("a market of the assessment zone is heard with the listen key of an admitted account alone", async () => {
  const { simulator, client, listen, listenKey, advance } = await startStepped();
  const { apiKey } = simulator;
  await client.control("keys", { apiKey: "mx0stranger" });
  expect(await client.control("symbol", { symbol: "BTCUSDT", assessmentZone: [apiKey] })).toMatchObject({
    status: 200,
  });
  const bare = await listen([DEPTH]);
  expect(bare.texts[0]).toContain("Blocked!");
  const admitted = await listen([DEPTH], `?listenKey=${await listenKey()}`);
  expect(JSON.parse(admitted.texts[0] ?? "")).toMatchObject({ msg: DEPTH });
  advance(1_000);
  await settled(admitted);
  expect(admitted.pushes).toHaveLength(1);
  expect((await client.signed("POST", "/order/test", ORDER)).status).toBe(200);

  await client.control("symbol", { symbol: "BTCUSDT", assessmentZone: ["mx0stranger"] });
  expect((await listen([DEPTH], `?listenKey=${await listenKey()}`)).texts[0]).toContain("Blocked!");
  expect((await client.signed("POST", "/order/test", ORDER)).body).toMatchObject({ code: 10007 });

  await client.control("symbol", { symbol: "BTCUSDT", assessmentZone: null });
  await vi.waitFor(async () => expect((await listen([DEPTH])).texts[0]).toContain(`"msg":"${DEPTH}"`));
});

it("admits nobody without a key that there is", async () => {
  const { client } = await startStepped();
  const reply = await client.control("symbol", { symbol: "BTCUSDT", assessmentZone: ["nobody"] });
  expect(reply).toMatchObject({ status: 400, body: { error: expect.stringContaining("nobody") as unknown } });
});
