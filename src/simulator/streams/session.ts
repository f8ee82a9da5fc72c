import { z } from "zod";
import { parseJson } from "../parse-json.ts";
import type { Switches } from "../switches.ts";
import type { Channel } from "./channel.ts";
import type { Listener, StreamHub } from "./hub.ts";

export const SUBSCRIPTION_LIMIT = 30;

export interface SessionDependencies {
  readonly hub: StreamHub;
  readonly listener: Listener;
  readonly switches: Switches;
  readonly onSubscribed: (channel: Channel) => void;
}

const controlSchema = z.object({
  method: z.string(),
  params: z.array(z.string()).optional(),
  id: z.number().int().nonnegative().optional(),
});

/** The control conversation of one connection: text in, text out. Refusals have code 0 too; only the text tells. */
export class StreamSession {
  readonly #deps: SessionDependencies;
  readonly #names = new Set<string>();
  /** How many there ever were: giving one back does not make room for another. */
  #everTaken = 0;

  constructor(deps: SessionDependencies) {
    this.#deps = deps;
  }

  get subscriptionCount(): number {
    return this.#names.size;
  }

  /** @returns the text to answer with */
  receive(text: string): string {
    const message = controlSchema.safeParse(parseJson(text));
    if (!message.success) return ack(0, "msg format invalid");
    const { method, params = [], id = 0 } = message.data;
    switch (method.toUpperCase()) {
      case "PING":
        return ack(id, "PONG");
      case "SUBSCRIPTION":
        return ack(id, this.#subscribe(params));
      case "UNSUBSCRIPTION":
        return ack(id, this.#unsubscribe(params));
      default:
        return ack(id, "msg format invalid");
    }
  }

  close(): void {
    const { hub, listener } = this.#deps;
    for (const name of this.#names) hub.unsubscribe(listener, name);
    this.#names.clear();
  }

  #subscribe(names: readonly string[]): string {
    const taken: string[] = [];
    const refused: string[] = [];
    for (const name of names) (this.#take(name) ? taken : refused).push(name);
    if (names.length === 0) return "Not Subscribed successfully! [].";
    // The venue answers in no particular order; the reverse keeps clients from counting on one.
    if (refused.length === 0) return taken.toReversed().join(",");
    const refusal = `Not Subscribed successfully! [${refused.join(",")}].  Reason： Blocked! `;
    return taken.length === 0 ? refusal : `Subscribed successful! [${taken.join(",")}]. ${refusal}`;
  }

  /** @returns whether the channel was there to be had, and room for it */
  #take(name: string): boolean {
    const { hub, listener, onSubscribed } = this.#deps;
    if (this.#names.has(name) || !this.#hasRoom()) return false;
    const channel = hub.subscribe(listener, name);
    if (channel === undefined) return false;
    this.#names.add(name);
    this.#everTaken += 1;
    onSubscribed(channel);
    return true;
  }

  #hasRoom(): boolean {
    const isCumulative = this.#deps.switches.get("stream-subscriptions") === "cumulative";
    return (isCumulative ? this.#everTaken : this.#names.size) < SUBSCRIPTION_LIMIT;
  }

  #unsubscribe(names: readonly string[]): string {
    const { hub, listener } = this.#deps;
    for (const name of names) {
      if (this.#names.delete(name)) hub.unsubscribe(listener, name);
    }
    return [...names].toReversed().join(",");
  }
}

function ack(id: number, msg: string): string {
  return JSON.stringify({ id, code: 0, msg });
}
