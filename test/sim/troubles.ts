import type { ExchangeControls } from "./exchange-controls.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PRIVATE = "private";
const LISTEN_KEY_PATH = "/api/v3/userDataStream";

interface Trouble {
  readonly name: string;
  readonly lastsMs: number;
  begin(): Promise<unknown>;
}

/** Everything that goes wrong, in an order drawn from the seed; one trouble after the other, with calm between. */
export function createTroubles(controls: ExchangeControls, random: () => number) {
  const counts = new Map<string, number>();
  let nextAt = 2 * MINUTE_MS;
  let endsAt: number | undefined;

  const share = (kind: string, channel: string, part: number): Trouble => ({
    name: `${kind} ${channel}`,
    lastsMs: 4 * MINUTE_MS,
    begin: () => controls.fault({ kind, channel, share: part, seed: Math.floor(random() * 1_000_000) }),
  });
  const kinds: readonly (() => Trouble)[] = [
    () => ({ name: "disconnect", lastsMs: 0, begin: () => controls.disconnect() }),
    () => ({ name: "close-socket", lastsMs: 0, begin: () => controls.fault({ kind: "close-socket" }) }),
    () => {
      const durationMs = Math.floor((20 + random() * 160) * 1_000);
      return { name: "stall", lastsMs: durationMs, begin: () => controls.fault({ kind: "stall", durationMs }) };
    },
    () => share("drop-push", PRIVATE, 0.5),
    () => share("duplicate-push", PRIVATE, 0.5),
    () => share("reorder-push", PRIVATE, 0.5),
    () => share("poison-push", PRIVATE, 0.2),
    () => share("delay-push", PRIVATE, 0.5),
    () => share("drop-push", "aggre.depth", 0.05),
    () => share("poison-push", "aggre.deals", 0.05),
    () => ({ name: "key removed", lastsMs: 0, begin: () => controls.removeListenKeys() }),
    () => ({
      name: "key expires",
      // Longer than a key holds: it ends unless another is taken.
      lastsMs: 70 * MINUTE_MS,
      begin: () => controls.fault({ kind: "5xx", target: LISTEN_KEY_PATH, method: "PUT", share: 1, processed: false }),
    }),
  ];
  // Each kind comes once before any comes twice; the longest first, so that by the second hour everything has happened
  // once and what is held in memory for it is held.
  let bag: (() => Trouble)[] = [];
  let drawn = 0;

  function draw(): Trouble {
    if (bag.length === 0) bag = [...kinds];
    const at = drawn === 0 ? bag.length - 1 : Math.floor(random() * bag.length);
    drawn += 1;
    const [next] = bag.splice(at, 1);
    if (next === undefined) throw new Error("the bag is empty");
    return next();
  }

  async function end(): Promise<void> {
    endsAt = undefined;
    await controls.fault({ kind: "none" });
  }

  return {
    /** Begins and ends what is due. */
    async at(elapsedMs: number): Promise<void> {
      if (endsAt !== undefined) {
        if (elapsedMs >= endsAt) {
          await end();
          nextAt = elapsedMs + (drawn < kinds.length ? 0 : random() * 0.3 * HOUR_MS);
        }
        return;
      }
      if (elapsedMs < nextAt) return;
      const trouble = draw();
      counts.set(trouble.name, (counts.get(trouble.name) ?? 0) + 1);
      endsAt = elapsedMs + trouble.lastsMs;
      await trouble.begin();
    },
    end,
    told: () => [...counts].map(([name, count]) => `${name} ×${count}`).join(", "),
  };
}
