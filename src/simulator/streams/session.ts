import { z } from "zod";
import { parseJson } from "../parse-json.ts";
import type { Channel } from "./channel.ts";
import type { Listener, StreamHub } from "./hub.ts";

export const SUBSCRIPTION_LIMIT = 30;

const controlSchema = z.object({
  method: z.string(),
  params: z.array(z.string()).optional(),
  id: z.number().int().nonnegative().optional(),
});

/** The control conversation of one connection: text in, text out. Refusals have code 0 too; only the text tells. */
export class StreamSession {
  readonly #hub: StreamHub;
  readonly #listener: Listener;
  readonly #onSubscribed: (channel: Channel) => void;
  readonly #names = new Set<string>();

  constructor(hub: StreamHub, listener: Listener, onSubscribed: (channel: Channel) => void) {
    this.#hub = hub;
    this.#listener = listener;
    this.#onSubscribed = onSubscribed;
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
    for (const name of this.#names) this.#hub.unsubscribe(this.#listener, name);
    this.#names.clear();
  }

  #subscribe(names: readonly string[]): string {
    const taken: string[] = [];
    const refused: string[] = [];
    for (const name of names) {
      const isRoom = !this.#names.has(name) && this.#names.size < SUBSCRIPTION_LIMIT;
      const channel = isRoom ? this.#hub.subscribe(this.#listener, name) : undefined;
      if (channel === undefined) {
        refused.push(name);
      } else {
        taken.push(name);
        this.#names.add(name);
        this.#onSubscribed(channel);
      }
    }
    if (names.length === 0) return "Not Subscribed successfully! [].";
    // The venue answers in no particular order; the reverse keeps clients from counting on one.
    if (refused.length === 0) return taken.toReversed().join(",");
    const refusal = `Not Subscribed successfully! [${refused.join(",")}].  Reason： Blocked! `;
    return taken.length === 0 ? refusal : `Subscribed successful! [${taken.join(",")}]. ${refusal}`;
  }

  #unsubscribe(names: readonly string[]): string {
    for (const name of names) {
      if (this.#names.delete(name)) this.#hub.unsubscribe(this.#listener, name);
    }
    return [...names].toReversed().join(",");
  }
}

function ack(id: number, msg: string): string {
  return JSON.stringify({ id, code: 0, msg });
}
