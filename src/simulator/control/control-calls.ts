import { z } from "zod";
import { parseQuantity } from "../../core/domain/money.ts";
import { KEY_STATES, PERMANENT, PERMISSIONS } from "../server/api-keys.ts";
import type { ControlCall, ControlContext } from "./control-call.ts";
import { accountOf, positive } from "./control-call.ts";
import { faultSchema, isPushFault, isRequestFault } from "./faults.ts";
import { ledgerView } from "./ledger-view.ts";
import { MARKET_CALLS } from "./market-calls.ts";

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

const depositSchema = z.strictObject({
  apiKey: z.string(),
  asset: z.string().min(1),
  amount: positive((text) => parseQuantity(text)),
});
const switchesSchema = z.record(z.string(), z.union([z.string(), z.number()]));
const keySchema = z.strictObject({
  apiKey: z.string().min(1),
  secret: z.string().min(1).optional(),
  sharesAccountOf: z.string().optional(),
  permissions: z.array(z.enum(PERMISSIONS)).optional(),
  ipWhiteList: z.array(z.string()).max(10).optional(),
  symbols: z.array(z.string()).nullable().optional(),
  createdDaysAgo: z.number().min(0).max(10_000).optional(),
  remainingValidity: z.number().min(PERMANENT).max(10_000).optional(),
  status: z.enum(KEY_STATES).optional(),
});
const resetSchema = z.strictObject({ seed: z.number().int().optional() });

const CALLS: readonly ControlCall[] = [
  {
    method: "POST",
    path: "/_sim/deposit",
    allowed: "{apiKey, asset, amount}",
    run: (input, { venue }) => {
      const { apiKey, asset, amount } = depositSchema.parse(input);
      venue.exchange.deposit(accountOf(venue, apiKey), asset, amount);
      return { ok: true };
    },
  },
  {
    method: "POST",
    path: "/_sim/withdraw",
    allowed: "{apiKey, asset, amount}",
    run: (input, { venue }) => {
      const { apiKey, asset, amount } = depositSchema.parse(input);
      venue.exchange.withdrawByHand(accountOf(venue, apiKey), asset, amount);
      return { ok: true };
    },
  },
  ...MARKET_CALLS,
  {
    method: "POST",
    path: "/_sim/faults",
    allowed:
      "{kind: lost-request|lost-response|delay|duplicate|5xx|429|403, target?: order|any|PATH, method?, count? | share?, seed?, delayMs?, " +
      "retryAfterSeconds?, processed?} or {kind: clock-offset, offsetMs} or " +
      "{kind: drop-push|duplicate-push|reorder-push|delay-push|poison-push, channel?: PART_OF_NAME, symbol?, " +
      "count? | share?, seed?, delayMs?} or {kind: stall, durationMs, channel?, symbol?} or " +
      "{kind: close-socket, channel?, symbol?, count? | share?, seed?} or {kind: none}",
    run: (input, context) => {
      applyFault(input, context);
      return { ok: true };
    },
  },
  {
    method: "POST",
    path: "/_sim/disconnect",
    allowed: "{}",
    run: (_input, { disconnectAll }) => {
      disconnectAll("close");
      return { ok: true };
    },
  },
  {
    method: "POST",
    path: "/_sim/switches",
    allowed: "{NAME: VALUE, …}, as GET /_sim/switches lists them",
    run: (input, { venue }) => {
      venue.switches.set(switchesSchema.parse(input));
      return { switches: venue.switches.list() };
    },
  },
  {
    method: "GET",
    path: "/_sim/switches",
    allowed: "no body",
    run: (_input, { venue }) => ({ switches: venue.switches.list() }),
  },
  {
    method: "POST",
    path: "/_sim/keys",
    allowed:
      "{apiKey, secret?, sharesAccountOf?: KEY, permissions?: [SPOT_DEAL_WRITE, …], ipWhiteList?, symbols?: [PAIR, …] or " +
      "null, createdDaysAgo?, remainingValidity?: days or -999, status?: VALID|FROZEN|DELETE}: adds or alters a key",
    run: (input, { venue }) => {
      const { sharesAccountOf, ...settings } = keySchema.parse(input);
      const account = sharesAccountOf === undefined ? undefined : accountOf(venue, sharesAccountOf);
      return { ok: true, ...venue.putKey({ ...settings, account }) };
    },
  },
  {
    method: "POST",
    path: "/_sim/reset",
    allowed: "{seed?}",
    run: (input, { venue, disconnectAll }) => {
      const { seed } = resetSchema.parse(input);
      disconnectAll("close");
      venue.reset(seed);
      return { ok: true };
    },
  },
  { method: "GET", path: "/_sim/ledger", allowed: "no body", run: (_input, { venue }) => ledgerView(venue.exchange) },
];

/** Every call by its method and path. */
export const CONTROL_PATHS: readonly string[] = CALLS.map((one) => `${one.method} ${one.path}`);

/** Answers a call under /_sim/; a wrong one is told what is allowed. */
export function answerControl(method: string, path: string, body: string, context: ControlContext): ControlAnswer {
  const call = CALLS.find((one) => one.method === method && one.path === path);
  if (call === undefined) {
    return { status: 404, body: { error: `no control call ${method} ${path}`, allowed: CONTROL_PATHS } };
  }
  try {
    return { status: 200, body: call.run(body.trim() === "" ? {} : JSON.parse(body), context) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return { status: 400, body: { error: reason, allowed: call.allowed } };
  }
}

function applyFault(input: unknown, { venue, disconnectAll }: ControlContext): void {
  const fault = faultSchema.parse(input);
  if ("symbol" in fault && fault.symbol !== undefined) venue.exchange.market(fault.symbol);
  if (isRequestFault(fault)) {
    venue.faults.add(fault);
  } else if (isPushFault(fault)) {
    venue.hub.faults.add(fault);
  } else if (fault.kind === "none") {
    venue.faults.clear();
    venue.hub.faults.clear();
    venue.clockOffsetMs = 0;
  } else if (fault.kind === "clock-offset") {
    venue.clockOffsetMs = fault.offsetMs;
  } else if (fault.kind === "stall") {
    venue.hub.faults.stall(fault, venue.now() + fault.durationMs);
  } else if (fault.count !== undefined || fault.share !== undefined) {
    venue.hub.faults.add({ ...fault, count: fault.count ?? 1, delayMs: 0 });
  } else {
    disconnectAll("terminate");
  }
}
