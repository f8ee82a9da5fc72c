import type { HttpRequest, HttpResult } from "../../../src/adapters/mexc/rest/http-request.ts";
import { FIREWALL_PAGE } from "../../../src/simulator/server/firewall.ts";
import type { RequestFate } from "./request-fate.ts";

/** How the network and the exchange's front door behave: a climate drawn from the seed, stormy until it is calmed. */
export interface Weather {
  fateOf(request: Pick<HttpRequest, "method" | "url">): RequestFate;
  streamLatencyMs(): number;
  refusesStreams(): boolean;
  /** From now on everything arrives, soon and once. */
  calm(): void;
}

type Trouble =
  | "refused-connection"
  | "lost-request"
  | "lost-response"
  | "slow-there"
  | "slow-back"
  | "duplicate"
  | "5xx"
  | "429"
  | "403"
  | "garbage";

/** The troubles with how likely a seed has them at all, and the greatest share of requests they then befall. */
const TROUBLES: readonly (readonly [trouble: Trouble, inSeeds: number, mostShare: number])[] = [
  ["refused-connection", 0.5, 0.1],
  ["lost-request", 0.6, 0.15],
  ["lost-response", 0.7, 0.25],
  ["slow-there", 0.5, 0.1],
  ["slow-back", 0.5, 0.1],
  ["duplicate", 0.4, 0.2],
  ["5xx", 0.6, 0.15],
  ["429", 0.2, 0.04],
  ["403", 0.08, 0.02],
  ["garbage", 0.5, 0.1],
];

export interface WeatherParts {
  readonly random: () => number;
  /** Whether the exchange takes an order twice when its request comes twice; then none does, as nobody could help it. */
  readonly doublesOrders: boolean;
}

export function createWeather({ random, doublesOrders }: WeatherParts): Weather {
  const shares = TROUBLES.filter(([, inSeeds]) => random() < inSeeds).map(
    ([trouble, , most]) => [trouble, random() * most] as const,
  );
  const streamRefusals = random() < 0.4 ? random() * 0.5 : 0;
  let isCalm = false;

  const between = (least: number, most: number) => Math.floor(least + random() * (most - least));
  const draw = (): Trouble | undefined => {
    let dice = random();
    for (const [trouble, share] of shares) {
      if (dice < share) return trouble;
      dice -= share;
    }
    return undefined;
  };
  const replaced = (isProcessed: boolean, status: number, body: string, more: Record<string, string> = {}) => {
    const answer: HttpResult = { kind: "answer", status, headers: { "content-type": "text/html", ...more }, body };
    return { kind: "replaced", outMs: between(5, 200), isProcessed, answer } as const;
  };
  const served = (outMs: number, backMs: number, deliveries: 1 | 2 = 1) =>
    ({ kind: "served", outMs, backMs, deliveries }) as const;

  return {
    fateOf({ method, url }) {
      if (isCalm) return served(between(3, 20), between(3, 20));
      const trouble = draw();
      switch (trouble) {
        case undefined:
          return served(between(5, 120), between(5, 120));
        case "refused-connection":
          return { kind: trouble };
        case "lost-request":
        case "lost-response":
          return { kind: trouble, outMs: between(5, 400), isReset: random() < 0.5 };
        case "slow-there":
          return served(between(500, 9_000), between(5, 120));
        case "slow-back":
          return served(between(5, 120), between(500, 14_000));
        case "duplicate":
          if (doublesOrders && method === "POST" && url.includes("/order?")) return served(between(5, 120), 5);
          return served(between(5, 120), between(5, 300), 2);
        case "5xx":
          return replaced(random() < 0.5, random() < 0.5 ? 503 : 500, '{"code":503,"msg":"Service unavailable"}');
        case "429":
          return replaced(false, 429, '{"code":429,"msg":"Too many requests"}', { "retry-after": "2" });
        case "403":
          return replaced(false, 403, FIREWALL_PAGE);
        case "garbage":
          return replaced(random() < 0.7, 200, random() < 0.5 ? "<html>busy</html>" : '{"orderId":"C02__12');
      }
    },
    streamLatencyMs: () => (isCalm ? 5 : between(1, 150)),
    refusesStreams: () => !isCalm && random() < streamRefusals,
    calm() {
      isCalm = true;
    },
  };
}
