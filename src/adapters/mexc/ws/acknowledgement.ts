import { z } from "zod";

/** Why channels were refused, as far as it changes what to do about it. */
export type RefusalKind =
  /** The connection has carried as many subscriptions as it may. */
  | "no-room"
  /** The connection carries the channel already. */
  | "duplicate"
  | "other";

/** What the text of an answer to a subscription says. Its `code` is 0 even when everything was refused. */
export interface Acknowledgement {
  readonly refused: readonly string[];
  readonly reason: string;
  readonly kind: RefusalKind;
}

const REFUSED = /Not Subscribed successfully! \[([^\]]*)\]\.?\s*(?:Reason[：:]\s*(.*))?$/s;

/** @returns undefined when the text is no refusal. */
export function parseRefusal(text: string): Acknowledgement | undefined {
  const match = REFUSED.exec(text);
  if (match === null) return undefined;
  const channels = (match[1] ?? "").split(",").map((channel) => channel.trim());
  const reason = (match[2] ?? "").trim() || "no reason given";
  return { refused: channels.filter((channel) => channel !== ""), reason, kind: kindOfRefusal(reason) };
}

export function kindOfRefusal(reason: string): RefusalKind {
  if (/\b30\b|maxim|limit|exceed|too many/i.test(reason)) return "no-room";
  return /duplicat|repeat|already/i.test(reason) ? "duplicate" : "other";
}

const controlSchema = z.object({ id: z.number().optional().catch(undefined), msg: z.string() });

/** @returns undefined for a text that is no message of the protocol, such as "Invalid listen key". */
export function readControlMessage(text: string): z.infer<typeof controlSchema> | undefined {
  try {
    return controlSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
