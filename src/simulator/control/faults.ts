import { z } from "zod";
import { PUSH_FAULT_KINDS } from "../streams/push-faults.ts";
import { FaultQueue } from "./fault-queue.ts";

const RESPONSE_KINDS = ["lost-request", "lost-response", "delay", "duplicate", "5xx", "429", "403"] as const;

const strikeCount = z.number().int().min(1).max(1_000_000);
const strikes = {
  count: strikeCount.default(1),
  /** Instead of the next `count`: this share of all of them, drawn from the seed, until the faults are cleared. */
  share: z.number().gt(0).max(1).optional(),
  seed: z.number().int().default(1),
};

const target = {
  /** "order" is the order endpoint, "any" every endpoint, anything else the beginning of a path. */
  target: z.string().min(1).default("any"),
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).optional(),
  ...strikes,
};

/** What POST /_sim/faults takes. */
export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("lost-request"), ...target }),
  z.strictObject({ kind: z.literal("lost-response"), ...target }),
  z.strictObject({ kind: z.literal("delay"), ...target, delayMs: z.number().int().min(0).max(600_000) }),
  /** The network delivers it twice; the second answer is the one that comes. */
  z.strictObject({ kind: z.literal("duplicate"), ...target }),
  /** With `processed`, the request is carried out and only the answer is an error. */
  z.strictObject({ kind: z.literal("5xx"), ...target, processed: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal("429"), ...target, retryAfterSeconds: z.number().int().min(0).default(1) }),
  z.strictObject({ kind: z.literal("403"), ...target }),
  z.strictObject({ kind: z.literal("clock-offset"), offsetMs: z.number().int() }),
  z.strictObject({
    kind: z.enum(PUSH_FAULT_KINDS),
    /** Any part of the channel's name; the default opens gaps in books. */
    channel: z.string().default("aggre.depth"),
    symbol: z.string().min(1).optional(),
    ...strikes,
    /** Of delay-push alone. */
    delayMs: z.number().int().min(0).max(600_000).default(1_000),
  }),
  /** All of them at once; with a count or a share, those that were to hear such a push, when it comes. */
  z.strictObject({
    kind: z.literal("close-socket"),
    channel: z.string().default(""),
    symbol: z.string().min(1).optional(),
    ...strikes,
    count: strikeCount.optional(),
  }),
  /** Ends what still waits, shares included. */
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("stall"),
    durationMs: z.number().int().min(1).max(3_600_000),
    channel: z.string().default(""),
    symbol: z.string().min(1).optional(),
  }),
]);
export type FaultCommand = z.infer<typeof faultSchema>;
export type RequestFault = Extract<FaultCommand, { readonly kind: (typeof RESPONSE_KINDS)[number] }>;
type PushFaultCommand = Extract<FaultCommand, { readonly kind: (typeof PUSH_FAULT_KINDS)[number] }>;

export function isRequestFault(command: FaultCommand): command is RequestFault {
  return RESPONSE_KINDS.some((kind) => kind === command.kind);
}

export function isPushFault(command: FaultCommand): command is PushFaultCommand {
  return PUSH_FAULT_KINDS.some((kind) => kind === command.kind);
}

/** Faults waiting for the requests they befall. */
export class PendingFaults {
  readonly #queue = new FaultQueue<RequestFault>();

  add(fault: RequestFault): void {
    this.#queue.add(fault);
  }

  clear(): void {
    this.#queue.clear();
  }

  /** The fault that befalls this request, used up by one. */
  take(method: string, path: string): RequestFault | undefined {
    return this.#queue.take((fault) => isHit(fault, method, path))?.fault;
  }
}

function isHit(fault: RequestFault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.target === "any") return true;
  return fault.target === "order" ? path === "/api/v3/order" : path.startsWith(fault.target);
}
