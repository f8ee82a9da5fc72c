import type { AccountEvent } from "../engine/account-event.ts";
import type { SwitchValue } from "../switches.ts";
import type { PrivateTopic } from "./channel.ts";

export function topicOf(event: AccountEvent): PrivateTopic {
  return event.kind === "order" ? "orders" : event.kind === "fill" ? "deals" : "account";
}

const BACKWARDS: readonly PrivateTopic[] = ["account", "deals", "orders"];

/** What one command did, in the order it is told. Within a channel that is always the order it happened. */
export function inPushOrder(
  events: readonly AccountEvent[],
  order: SwitchValue<"private-push-order">,
): readonly AccountEvent[] {
  if (order === "as-happened") return events;
  return BACKWARDS.flatMap((topic) => events.filter((event) => topicOf(event) === topic));
}
