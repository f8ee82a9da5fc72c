import type { ControlContext } from "../control/control-call.ts";
import { answerControl } from "../control/control-calls.ts";
import type { RequestFault } from "../control/faults.ts";
import type { Answer, RawRequest } from "./answer-request.ts";
import { answerRequest } from "./answer-request.ts";
import { FIREWALL_PAGE } from "./firewall.ts";

/** What goes back over the wire; `hang-up` is a connection that ends without an answer. */
export type Served =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    }
  | { readonly kind: "hang-up" };

/** Serves a request of the REST API or a control call as the faults that wait for it will have it. Never throws. */
export async function serveRequest(control: ControlContext, raw: RawRequest): Promise<Served> {
  const { venue } = control;
  if (raw.path.startsWith("/_sim/")) return json(answerControl(raw.method, raw.path, raw.rawBody, control));
  const isBehindWall = venue.hasLimits && venue.switches.get("firewall") === "on";
  if (isBehindWall && !venue.firewall.admit(raw.address, venue.now())) return WALL;
  // Who counts for a venue that counts nothing would only be slowed down.
  const counts = venue.hasLimits ? {} : { "x-sim-limits": "off" };
  const process = (): Served => json(answerRequest(venue, raw), counts);
  const fault = venue.faults.take(raw.method, raw.path);
  if (fault === undefined) return process();
  return suffer(fault, control, process);
}

/** Lets a request fare as the fault says; `process` carries it out. */
async function suffer(fault: RequestFault, { venue }: ControlContext, process: () => Served): Promise<Served> {
  switch (fault.kind) {
    case "lost-request":
      return HANG_UP;
    case "lost-response":
      process();
      return HANG_UP;
    case "delay": {
      const late = process();
      await venue.schedule.pause(fault.delayMs);
      return late;
    }
    case "duplicate":
      process();
      return process();
    case "5xx":
      if (fault.processed) process();
      return json({ status: 503, body: { code: 503, msg: "Service unavailable" } });
    case "429": {
      const headers = { "retry-after": String(fault.retryAfterSeconds) };
      return json({ status: 429, body: { code: 429, msg: "Too many requests" }, headers });
    }
    case "403":
      return WALL;
  }
}

const HANG_UP: Served = { kind: "hang-up" };
const WALL: Served = { kind: "answer", status: 403, headers: { "content-type": "text/html" }, text: FIREWALL_PAGE };

export function json({ status, body, headers }: Answer, more: Readonly<Record<string, string>> = {}): Served {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json;charset=UTF-8", ...more, ...headers },
    text: JSON.stringify(body),
  };
}
