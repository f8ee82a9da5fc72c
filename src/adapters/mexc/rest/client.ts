import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { HttpRequest, HttpSender } from "./http-request.ts";
import { createHttpSender } from "./http-request.ts";
import type { Admission } from "./rate-budget.ts";
import { costOf, createRateBudget } from "./rate-budget.ts";
import type { Params } from "./sign.ts";
import { encodeQuery, signQuery } from "./sign.ts";

export interface MexcKeys {
  readonly apiKey: string;
  readonly apiSecret: Buffer;
}

/** One question to the exchange. */
export interface RestCall {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly params?: Params;
  readonly signed: boolean;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /**
   * The moment, by our clock, that the request is stamped with; now when absent. The exchange takes nothing later than
   * one receive window after it, however long the request was held up on its way.
   */
  readonly stampedAt?: number;
}

export type RestResult =
  | { readonly kind: "ok"; readonly body: unknown }
  /** The exchange said no, in its own form. */
  | { readonly kind: "refused"; readonly status: number; readonly code: number; readonly message: string }
  /** An answer, or none, that proves nothing. */
  | { readonly kind: "unclear"; readonly status?: number; readonly why: string; readonly retryAfterSeconds?: number }
  | { readonly kind: "not-sent"; readonly code: string; readonly why: string; readonly hint: string };

export interface RestClient {
  call(call: RestCall): Promise<RestResult>;
  /** Measures the exchange's clock against ours, ms; signed calls use the newest measurement. */
  measureClockOffset(signal: AbortSignal): Promise<RestResult & { readonly offsetMs?: number }>;
  /** The exchange's time as far as measured. */
  exchangeNow(): number;
  readonly hasKeys: boolean;
  close(): void;
}

/** How long after its time stamp the exchange may still take a request, ms. */
export const RECEIVE_WINDOW_MS = 5_000;
/** Beyond this the machine's clock is wrong, and correcting for it would hide that. */
const LARGEST_OFFSET_MS = 5_000;
const OFFSET_SAMPLES = 3;
const CLOCK_CODES: ReadonlySet<number> = new Set([700003, 10073]);
const TIMEOUT_MS = 10_000;

export function createRestClient(options: {
  readonly restUrl: string;
  readonly keys: MexcKeys | undefined;
  readonly clock: Clock;
  readonly sender?: HttpSender;
}): RestClient {
  const { restUrl, keys, clock } = options;
  const sender = options.sender ?? createHttpSender();
  const budget = createRateBudget(clock);
  let offsetMs: number | undefined;

  async function call(wanted: RestCall): Promise<RestResult> {
    if (!wanted.signed) return withinBudget(wanted, () => send(wanted, encodeQuery(wanted.params ?? {}), {}));
    if (keys === undefined) throw keysMissing();
    if (offsetMs === undefined) {
      const measured = await measureClockOffset(wanted.signal);
      if (measured.kind === "unclear") return notSent("EXCHANGE_UNAVAILABLE", measured.why, "Try again in a moment.");
      if (measured.kind === "refused")
        return notSent("EXCHANGE_UNAVAILABLE", measured.message, "Try again in a moment.");
      if (measured.kind === "not-sent") return measured;
    }
    const offset = offsetMs ?? 0;
    if (Math.abs(offset) > LARGEST_OFFSET_MS) {
      // Ask anew next time: the person is about to set the clock.
      offsetMs = undefined;
      const seconds = (Math.abs(offset) / 1000).toFixed(1);
      return notSent(
        "CLOCK_OFFSET_TOO_LARGE",
        `This machine's clock is ${seconds} s ${offset > 0 ? "behind" : "ahead of"} the exchange's`,
        "Set the clock, for example with `timedatectl set-ntp true`, and try again.",
      );
    }
    const { apiKey, apiSecret } = keys;
    const result = await withinBudget(wanted, () => {
      // Stamped only once it may leave: what waited for room would come too late otherwise.
      const timestamp = Math.round((wanted.stampedAt ?? clock.now()) + offset);
      const query = encodeQuery({ ...wanted.params, recvWindow: RECEIVE_WINDOW_MS, timestamp });
      const signed = `${query}&signature=${signQuery(query, apiSecret)}`;
      return send(wanted, signed, { "X-MEXC-APIKEY": apiKey });
    });
    // One of the clocks was moved since they were compared; the next call compares them anew.
    if (result.kind === "refused" && CLOCK_CODES.has(result.code)) offsetMs = undefined;
    return result;
  }

  /** Waits for room in the exchange's limits, and counts what the request used. */
  async function withinBudget(wanted: RestCall, run: () => Promise<RestResult>): Promise<RestResult> {
    let admission: Admission;
    try {
      admission = await budget.admit(costOf(wanted.method, wanted.path, wanted.signed), wanted.signal);
    } catch {
      return notSent("EXCHANGE_UNAVAILABLE", "it was stopped before it was sent", "Try again.");
    }
    if (admission.kind === "wait") {
      const seconds = Math.max(1, Math.ceil(admission.forMs / 1_000));
      return notSent("RATE_LIMITED", admission.why, `Try again in ${String(seconds)} s.`);
    }
    const result = await run();
    const told = result.kind === "unclear" ? result : undefined;
    admission.done("status" in result ? result.status : undefined, told?.retryAfterSeconds);
    return result;
  }

  async function send(wanted: RestCall, query: string, headers: Readonly<Record<string, string>>): Promise<RestResult> {
    const result = await sender.send({
      method: wanted.method,
      url: `${restUrl}${wanted.path}${query === "" ? "" : `?${query}`}`,
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      timeoutMs: wanted.timeoutMs ?? TIMEOUT_MS,
      signal: wanted.signal,
    });
    if (result.kind === "not-sent")
      return notSent("EXCHANGE_UNAVAILABLE", result.why, "Check the network, or try `tapedeck demo`.");
    if (result.kind === "unclear") return result;
    return readAnswer(result.status, result.body, result.headers["retry-after"]);
  }

  async function measureClockOffset(signal: AbortSignal): Promise<RestResult & { readonly offsetMs?: number }> {
    const samples: number[] = [];
    let last: RestResult = { kind: "unclear", why: "the time was not asked" };
    const wanted: RestCall = { method: "GET", path: "/api/v3/time", signed: false, signal, timeoutMs: 5_000 };
    for (let sample = 0; sample < OFFSET_SAMPLES; sample += 1) {
      let before = 0;
      last = await withinBudget(wanted, () => {
        before = clock.now();
        return send(wanted, "", {});
      });
      const after = clock.now();
      if (last.kind !== "ok") return last;
      const serverTime = (last.body as { readonly serverTime?: unknown } | null)?.serverTime;
      if (typeof serverTime !== "number") return { kind: "unclear", why: "the exchange did not tell its time" };
      samples.push(serverTime - (before + after) / 2);
    }
    samples.sort((left, right) => left - right);
    offsetMs = samples[Math.floor(samples.length / 2)] ?? 0;
    return { ...last, offsetMs };
  }

  return {
    call,
    measureClockOffset,
    exchangeNow: () => clock.now() + (offsetMs ?? 0),
    hasKeys: keys !== undefined,
    close: () => {
      sender.close();
    },
  };
}

/** Code absent, 0 or 200 with a 2xx status is success; a code with anything else is the exchange's no. */
function readAnswer(status: number, text: string, retryAfter: string | undefined): RestResult {
  const seconds = retryAfter === undefined ? Number.NaN : Number(retryAfter);
  const wait = Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {};
  if (status === 429 || status === 418 || status === 403 || status >= 500) {
    return { kind: "unclear", status, why: STATUS_WORDS[status] ?? `the exchange answered ${status}`, ...wait };
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: "unclear", status, why: "the exchange's answer is no JSON" };
  }
  const { code, msg } = (typeof body === "object" && body !== null ? body : {}) as { code?: unknown; msg?: unknown };
  const succeeded = code === undefined || code === 0 || code === 200;
  if (status >= 200 && status < 300 && succeeded) return { kind: "ok", body };
  if (typeof code === "number" && !succeeded) {
    return {
      kind: "refused",
      status,
      code,
      message: safeText(typeof msg === "string" ? msg.trim() : "no reason given"),
    };
  }
  return { kind: "unclear", status, why: `the exchange answered ${status} without a code` };
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  403: "the exchange's firewall refused the request (403)",
  418: "the exchange has banned this address for a while (418)",
  429: "too many requests (429)",
};

function notSent(code: string, why: string, hint: string): RestResult & { kind: "not-sent" } {
  return { kind: "not-sent", code, why: safeText(why), hint };
}

export function keysMissing(): AppError {
  return new AppError({
    code: "KEYS_MISSING",
    message: "No API key is set, and this needs an account.",
    notDone: "Nothing was sent.",
    hint: "Set MEXC_API_KEY and MEXC_API_SECRET_FILE, or try `tapedeck demo`, which needs neither.",
    exitCode: EXIT_CODES.signInNeeded,
  });
}
