import { createSecretKey } from "node:crypto";
import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { ConnectionHealth } from "../../../core/domain/exchange-health.ts";
import { isLoopbackHost } from "../../../core/domain/loopback.ts";
import { safeText } from "../../../core/domain/safe-text.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { ClockOffset } from "./clock-offset.ts";
import { ageOf, holds, measureOffset } from "./clock-offset.ts";
import type { HttpRequest, HttpSender } from "./http-request.ts";
import { createHttpSender } from "./http-request.ts";
import type { Admission } from "./rate-budget.ts";
import { createRateBudget } from "./rate-budget.ts";
import type { RestResult } from "./rest-result.ts";
import { readAnswer } from "./read-answer.ts";
import type { Lane } from "./request-cost.ts";
import { costOf } from "./request-cost.ts";
import type { SharedUse } from "./shared-use.ts";
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
  /** Where it stands when there is not room for all; by what it asks when absent. */
  readonly lane?: Lane;
  /**
   * The moment, by our clock, that the request is stamped with; now when absent. The exchange takes nothing later than
   * one receive window after it, however long the request was held up on its way.
   */
  readonly stampedAt?: number;
  /**
   * A question that decides nothing by our clock: it is signed in the exchange's time however far ours is off. Whatever
   * acts, or proves something by the age of a request, is not.
   */
  readonly despiteClock?: boolean;
}

export interface RestClient {
  call(call: RestCall): Promise<RestResult>;
  /**
   * Measures the exchange's clock against ours, ms; signed calls use the newest measurement.
   * @param lane of what waits for it, so that it is asked no later; market data's when nothing does
   */
  measureClockOffset(signal: AbortSignal, lane?: Lane): Promise<RestResult & { readonly offsetMs?: number }>;
  /** Why nothing that acts could be signed now; compares the clocks first where the last comparison is in doubt. */
  signingTrouble(signal: AbortSignal, lane: Lane): Promise<NotSent | undefined>;
  health(): ConnectionHealth;
  /** The exchange's time as far as measured. */
  exchangeNow(): number;
  readonly hasKeys: boolean;
  close(): void;
}

type NotSent = Extract<RestResult, { kind: "not-sent" }>;

/** How long after its time stamp the exchange may still take a request, ms. */
export const RECEIVE_WINDOW_MS = 5_000;
/** Beyond this the machine's clock is wrong, and correcting for it would hide that. */
const LARGEST_OFFSET_MS = 5_000;
const CLOCK_CODES: ReadonlySet<number> = new Set([700003, 10073]);
const TIMEOUT_MS = 10_000;

export function createRestClient(options: {
  readonly restUrl: string;
  readonly keys: MexcKeys | undefined;
  readonly clock: Clock;
  readonly sender?: HttpSender;
  /** Shares the limits with other processes; alone when absent. */
  readonly sharedUse?: SharedUse;
}): RestClient {
  const { restUrl, keys, clock } = options;
  const sender = options.sender ?? createHttpSender();
  const budget = createRateBudget(clock, options.sharedUse);
  const secret = keys === undefined ? undefined : createSecretKey(keys.apiSecret);
  const onThisMachine = isLoopbackHost(new URL(restUrl).hostname);
  let measured: ClockOffset | undefined;
  /** It is told, and nobody goes by it any more: the person is about to set the clock, or has. */
  let isDoubted = false;

  /** The exchange's clock minus ours, ms; nought until it is measured. */
  const exchangeLead = () => measured?.offsetMs ?? 0;

  async function call(wanted: RestCall): Promise<RestResult> {
    if (!wanted.signed) return withinBudget(wanted, () => send(wanted, encodeQuery(wanted.params ?? {}), {}));
    if (keys === undefined || secret === undefined) throw keysMissing();
    const lane = laneOf(wanted);
    const unmeasured = await compareClocks(wanted.signal, lane);
    if (unmeasured !== undefined) return unmeasured;
    const tooFar = wanted.despiteClock === true ? undefined : clockTooFar();
    if (tooFar !== undefined) return tooFar;
    const offset = exchangeLead();
    const { apiKey } = keys;
    const result = await withinBudget(wanted, () => {
      // Stamped only once it may leave: what waited for room would come too late otherwise.
      const timestamp = Math.round((wanted.stampedAt ?? clock.now()) + offset);
      const query = encodeQuery({ ...wanted.params, recvWindow: RECEIVE_WINDOW_MS, timestamp });
      const signed = `${query}&signature=${signQuery(query, secret)}`;
      return send(wanted, signed, { "X-MEXC-APIKEY": apiKey });
    });
    // One of the clocks was moved since they were compared; the next call compares them anew.
    if (result.kind === "refused" && CLOCK_CODES.has(result.code)) measured = undefined;
    return result;
  }

  /** @returns why the clocks could not be compared; undefined when how they stand is known. */
  async function compareClocks(signal: AbortSignal, lane: Lane): Promise<NotSent | undefined> {
    if (measured !== undefined && !holds(measured, clock)) measured = undefined;
    if (measured !== undefined && !isDoubted) return undefined;
    const asked = await measureClockOffset(signal, lane);
    if (asked.kind === "unclear") return notSent("EXCHANGE_UNAVAILABLE", asked.why, "Try again in a moment.");
    if (asked.kind === "refused") return notSent("EXCHANGE_UNAVAILABLE", asked.message, "Try again in a moment.");
    return asked.kind === "not-sent" ? asked : undefined;
  }

  /** Asks anew next time, and keeps the figure meanwhile: it is the evidence of what is wrong. */
  function clockTooFar(): NotSent | undefined {
    const offset = exchangeLead();
    if (Math.abs(offset) <= LARGEST_OFFSET_MS) return undefined;
    isDoubted = true;
    const seconds = (Math.abs(offset) / 1000).toFixed(1);
    return notSent(
      "CLOCK_OFFSET_TOO_LARGE",
      `This machine's clock is ${seconds} s ${offset > 0 ? "behind" : "ahead of"} the exchange's`,
      "Set the clock, for example with `timedatectl set-ntp true`, and try again.",
    );
  }

  /** Waits for room in the exchange's limits, and counts what the request used. */
  async function withinBudget(wanted: RestCall, run: () => Promise<RestResult>): Promise<RestResult> {
    const cost = costOf(wanted.method, wanted.path, wanted.signed);
    let admission: Admission;
    try {
      admission = await budget.admit({ ...cost, lane: laneOf(wanted) }, wanted.signal);
    } catch {
      return notSent("EXCHANGE_UNAVAILABLE", "it was stopped before it was sent", "Try again.");
    }
    if (admission.kind === "wait") {
      const seconds = Math.max(1, Math.ceil(admission.forMs / 1_000));
      return notSent("RATE_LIMITED", admission.why, `Try again in ${String(seconds)} s.`);
    }
    let result: RestResult | undefined;
    try {
      result = await run();
      return result;
    } finally {
      // Also when the call cannot even be made: the room would never come back.
      const told = result?.kind === "unclear" ? result : undefined;
      admission.done(result !== undefined && "status" in result ? result.status : undefined, told?.retryAfterSeconds);
    }
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
    // Only a simulated exchange says so, and only on this machine is it believed.
    if (onThisMachine && result.headers["x-sim-limits"] === "off") options.sharedUse?.stopCounting();
    return readAnswer(result.status, result.body, result.headers["retry-after"]);
  }

  async function measureClockOffset(
    signal: AbortSignal,
    lane: Lane = "market",
  ): Promise<RestResult & { readonly offsetMs?: number }> {
    const wanted: RestCall = { method: "GET", path: "/api/v3/time", signed: false, signal, lane, timeoutMs: 5_000 };
    const { result, offset } = await measureOffset(clock, async () => {
      let sentAt = 0;
      const asked = await withinBudget(wanted, () => {
        // Taken once it may leave: what it waited for room says nothing about the clocks.
        sentAt = clock.now();
        return send(wanted, "", {});
      });
      return { result: asked, sentAt };
    });
    if (offset === undefined) return result;
    measured = offset;
    isDoubted = false;
    return { ...result, offsetMs: offset.offsetMs };
  }

  return {
    call,
    measureClockOffset,
    signingTrouble: async (signal, lane) => (await compareClocks(signal, lane)) ?? clockTooFar(),
    exchangeNow: () => clock.now() + exchangeLead(),
    health() {
      const clockHealth =
        measured === undefined
          ? undefined
          : { offsetMs: measured.offsetMs, uncertaintyMs: measured.uncertaintyMs, ageMs: ageOf(measured, clock) };
      return { clock: clockHealth, largestOffsetMs: LARGEST_OFFSET_MS, use: budget.use(), pause: budget.pause() };
    },
    hasKeys: keys !== undefined,
    close: () => {
      sender.close();
      options.sharedUse?.close();
    },
  };
}

function laneOf({ method, path, signed, lane }: RestCall): Lane {
  return lane ?? costOf(method, path, signed).lane;
}

function notSent(code: string, why: string, hint: string): NotSent {
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
