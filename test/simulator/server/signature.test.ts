import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../src/simulator/engine/refusal.ts";
import type { KeySettings } from "../../../src/simulator/server/api-keys.ts";
import { ApiKeys } from "../../../src/simulator/server/api-keys.ts";
import { readParameters } from "../../../src/simulator/server/parameters.ts";
import { authenticate, signatureOf } from "../../../src/simulator/server/signature.ts";
import type { SwitchSettings } from "../../../src/simulator/switches.ts";
import { Switches } from "../../../src/simulator/switches.ts";

const SECRET = "45d0b3c26f2644f19bfb98b07741b2f5";
const KEY = "mx0aBYs33eIilxBWC5";
const SENT_AT = 1644489390087;
const FIRST = "symbol=BTCUSDT&side=BUY&type=LIMIT";
const SECOND = `quantity=1&price=11&recvWindow=5000&timestamp=${String(SENT_AT)}`;
const WHOLE = `${FIRST}&${SECOND}`;
const WHOLE_SIGNATURE = "fd3e4e8543c5188531eb7279d68ae7d26a573d0fc5ab0d18eb692451654d837a";
const BATCH =
  "batchOrders=%5B%7B%22symbol%22%3A%22BTCUSDT%22%2C%22side%22%3A%22BUY%22%2C%22type%22%3A%22LIMIT%22%2C%22quantity" +
  `%22%3A%221%22%2C%22price%22%3A%2211%22%7D%5D&recvWindow=5000&timestamp=${String(SENT_AT)}`;

describe("the signature", () => {
  it.each([
    ["all in the query", WHOLE, "", WHOLE_SIGNATURE],
    ["all in the body", "", WHOLE, WHOLE_SIGNATURE],
    [
      "query and body with nothing between",
      FIRST,
      SECOND,
      "d1a676610ceb39174c8039b3f548357994b2a34139a8addd33baadba65684592",
    ],
    ["percent-encoded as sent", BATCH, "", "75b5c1a632047eb42b98d7aa9a6aafeb32a1035ccf50c454fae4a46e2d68db41"],
  ])("%s", (_where, query, body, signature) => {
    expect(signatureOf(query, body, SECRET)).toBe(signature);
    expect(signatureOf(`${query}&signature=${signature}`.replace(/^&/, ""), body, SECRET)).toBe(signature);
  });
});

const MIXED_SIGNATURE = "d1a676610ceb39174c8039b3f548357994b2a34139a8addd33baadba65684592";
const SHOUTED = `${WHOLE}&signature=${WHOLE_SIGNATURE.toUpperCase()}`;

interface Sent {
  readonly query?: string;
  readonly apiKey?: string | undefined;
  readonly body?: string;
  readonly address?: string;
  readonly serverTime?: number;
  readonly switches?: SwitchSettings;
  readonly settings?: Partial<KeySettings>;
}

/** A request of these parameters, signed as it stands. */
function signed(parameters: string): Sent {
  const query = `${parameters}&timestamp=${String(SENT_AT)}`;
  return { query: `${query}&signature=${createHmac("sha256", SECRET).update(query).digest("hex")}` };
}

/** @returns the key that was let in, or status and code of the refusal */
function outcome(sent: Sent): unknown {
  const { query = `${WHOLE}&signature=${WHOLE_SIGNATURE}`, body = "", serverTime = SENT_AT } = sent;
  const apiKey = "apiKey" in sent ? sent.apiKey : KEY;
  const keys = new ApiKeys();
  keys.put({ apiKey: KEY, secret: SECRET, ...sent.settings }, SENT_AT);
  const parameters = readParameters(query, body);
  const request = { rawQuery: query, rawBody: body, apiKey, address: sent.address ?? "127.0.0.1", parameters };
  try {
    return authenticate(request, { keys, switches: new Switches(sent.switches), serverTime }).apiKey;
  } catch (error) {
    return error instanceof Refusal ? [error.httpStatus, error.code] : error;
  }
}

describe("who is let in", () => {
  it.each([
    ["a signed request on time", {}, KEY],
    ["one that took the whole window", { serverTime: SENT_AT + 5_000 }, KEY],
    ["one that took longer", { serverTime: SENT_AT + 5_001 }, [400, 700003]],
    ["a clock just under a second ahead", { serverTime: SENT_AT - 999 }, KEY],
    ["a clock a second ahead", { serverTime: SENT_AT - 1_000 }, [400, 700003]],
    ["no key", { apiKey: undefined }, [400, 400]],
    ["a key of no known form", { apiKey: "nonsense" }, [400, 700001]],
    ["a key nobody has", { apiKey: "mx0nobody00000000" }, [401, 10072]],
    ["no signature", { query: WHOLE }, [400, 700004]],
    ["an empty signature", { query: `${WHOLE}&signature=` }, [400, 700004]],
    ["a wrong signature", { query: `${WHOLE}&signature=${"0".repeat(64)}` }, [400, 700002]],
    ["the right one in upper case", { query: `${WHOLE}&signature=${WHOLE_SIGNATURE.toUpperCase()}` }, [400, 700002]],
    ["no timestamp", { query: `${FIRST}&signature=${WHOLE_SIGNATURE}` }, [400, 700004]],
    ["the right one in upper case, where any passes", { query: SHOUTED, switches: { "signature-case": "any" } }, KEY],
    ["query and body", { query: `${FIRST}&signature=${MIXED_SIGNATURE}`, body: SECOND }, KEY],
    ["the signature in the body", { query: FIRST, body: `${SECOND}&signature=${MIXED_SIGNATURE}` }, KEY],
    ["escapes in upper case", signed("coin=USDT&network=BEP20%28BSC%29"), KEY],
    ["escapes in lower case", signed("symbol=A%2cB"), [400, 700002]],
    ["raw brackets", signed("coin=USDT&network=BEP20(BSC)"), [400, 700002]],
    ["a raw comma", signed("symbol=A,B"), [400, 700002]],
    ["raw JSON", signed('batchOrders=[{"symbol":"A"}]'), [400, 700002]],
    ["an address the key is not bound to", { address: "10.0.0.9" }, [400, 700006]],
    ["any address, with an unbound key", { address: "10.0.0.9", settings: { ipWhiteList: [] } }, KEY],
    ["an expired key", { settings: { remainingValidity: 0 } }, [400, 402]],
    ["an unbound key after 90 days", { settings: { ipWhiteList: [], createdDaysAgo: 90 } }, [400, 402]],
    [
      "an expired key, in the other reading",
      { settings: { remainingValidity: 0 }, switches: { "expired-key-code": "700002" } },
      [400, 700002],
    ],
    ["a deleted key", { settings: { status: "DELETE" } }, [401, 10072]],
    [
      "a key nobody has, in the other reading",
      { apiKey: "mx0nobody00000000", switches: { "unknown-key-code": "700002" } },
      [400, 700002],
    ],
    ["a window of exactly a minute", signed("recvWindow=60000"), KEY],
    ["a window of over a minute", { query: `${WHOLE.replace("5000", "60001")}&signature=x` }, [400, 700005]],
  ] as const)("%s", (_what, sent, expected) => {
    expect(outcome(sent)).toEqual(expected);
  });
});

it("a parameter in query and body has the value of the query", () => {
  expect(readParameters("a=1&b=%E9%BE%99", "a=2&c=3")).toEqual(
    new Map([
      ["a", "1"],
      ["c", "3"],
      ["b", "龙"],
    ]),
  );
});
