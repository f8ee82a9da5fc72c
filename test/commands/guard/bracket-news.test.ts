import { expect, it } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { useSimulator } from "../on-simulator.ts";

const there = useSimulator({ symbolCount: 1 });
const { line, start } = there;

const priceOf = async (side: "bidPrice" | "askPrice") => {
  const answer = await fetch(`${there.simulator.restUrl}/api/v3/ticker/bookTicker?symbol=BTCUSDT`);
  return Number(((await answer.json()) as Record<string, string>)[side]);
};

it("tells when an entry fills that its protection is live, at once or long after it was armed", async () => {
  const guard = start("guard", "run");
  const live = () => guard.objects().filter(({ event }) => event === "protection-live");
  await expect.poll(() => guard.objects().length, { timeout: 20_000 }).toBeGreaterThan(0);

  // A console that stands by has somebody before it, too.
  const console = await createApp({ env: there.env(), profile: undefined });
  const standing = new AbortController();
  await console.startSession(standing.signal);
  const notices = () => console.store.getState().session.notices.map(({ text }) => text);

  const ask = await priceOf("askPrice");
  const at = (ask * 0.99).toFixed(2);
  const resting = await line("order", "place", "buy", "btcusdt", "0.01", "@", at, "sl", "-10%");
  const { clientOrderId } = resting.objects()[0] as { clientOrderId: string };
  await expect.poll(() => guard.objects().some(({ event }) => event === "protection-armed")).toBe(true);
  expect(live()).toEqual([]);

  await fetch(`${there.simulator.restUrl}/_sim/move`, {
    method: "POST",
    body: JSON.stringify({ symbol: "BTCUSDT", price: (ask * 0.985).toFixed(2) }),
  });
  await expect.poll(() => live().length, { timeout: 20_000 }).toBe(1);
  expect(live()).toMatchObject([
    {
      schema: "tapedeck.guard-event/1",
      symbol: "BTCUSDT",
      protectionId: expect.any(String) as string,
      message: expect.stringMatching(new RegExp(`entry ${clientOrderId} .* live, sl stop at`)) as string,
    },
  ]);
  await expect.poll(notices).toContain(live()[0]?.["message"]);
  // Told once, also to whoever begins later: then it is known already.
  const market = await line("order", "place", "buy", "btcusdt", "0.01", "sl", "-10%");
  expect(market.code).toBe(0);
  await expect.poll(() => live().length, { timeout: 20_000 }).toBe(2);
  standing.abort();
  await console.close();
  guard.interrupt("SIGTERM");
  expect(await guard.ended).toBe(0);
});
