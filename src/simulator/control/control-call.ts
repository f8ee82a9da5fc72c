import { z } from "zod";
import type { Money } from "../../core/domain/money.ts";
import type { Venue } from "../server/venue.ts";

/** What a control call may reach besides the venue. */
export interface ControlContext {
  readonly venue: Venue;
  /** Drops every stream connection; without a close frame when it is to look like a fault. */
  readonly disconnectAll: (manner: "close" | "terminate") => void;
}

/** A call under /_sim/: `allowed` is what its user is told it takes. */
export interface ControlCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly allowed: string;
  readonly run: (input: unknown, context: ControlContext) => unknown;
}

/** A positive decimal, as text or as a plain number. */
export function positive<M extends Money>(parse: (text: string) => M | undefined) {
  return z.union([z.string(), z.number()]).transform((given, context): M => {
    const value = parse(String(given));
    if (value !== undefined && value > 0n) return value;
    context.addIssue({ code: "custom", message: "not a positive decimal" });
    return z.NEVER;
  });
}

/** What was asked for cannot be done; the message says why. */
class ControlRefusal extends Error {}

/** The account behind an API key. @throws ControlRefusal when nobody has that key */
export function accountOf(venue: Venue, apiKey: string): string {
  const key = venue.keys.find(apiKey);
  if (key === undefined) throw new ControlRefusal(`no account has the API key ${JSON.stringify(apiKey)}`);
  return key.account;
}
