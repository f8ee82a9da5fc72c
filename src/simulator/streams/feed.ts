import type { Price, Quantity } from "../../core/domain/money.ts";
import type { Side, TapeTrade } from "../engine/order.ts";
import type { ProtoWriter } from "../wire/proto-writer.ts";
import type { BodyKind } from "../wire/push-frame.ts";

export interface FeedOutput {
  readonly kind: BodyKind;
  readonly body: ProtoWriter;
  readonly createTime?: number;
}

/** What one channel has to say, collected between two flushes. */
export interface Feed {
  readonly everyMs: number;
  /** @returns what to push, in order; nothing when there is nothing new */
  readonly produce: (now: number) => readonly FeedOutput[];
  readonly onTrade?: (trade: TapeTrade) => void;
  readonly onLevel?: (side: Side, price: Price, total: Quantity) => void;
  /** A listener joined: say the present state again, where the channel carries a state. */
  readonly repeat?: () => void;
}
