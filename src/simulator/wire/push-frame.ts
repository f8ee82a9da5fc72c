import { ProtoWriter } from "./proto-writer.ts";

/** The bodies of a push and their numbers in the wrapper. */
export const BODY_FIELDS = {
  publicLimitDepths: 303,
  privateOrders: 304,
  privateDeals: 306,
  privateAccount: 307,
  publicSpotKline: 308,
  publicMiniTicker: 309,
  publicMiniTickers: 310,
  publicBookTickerBatch: 311,
  publicIncreaseDepthsBatch: 312,
  publicAggreDepths: 313,
  publicAggreDeals: 314,
  publicAggreBookTicker: 315,
} as const;
export type BodyKind = keyof typeof BODY_FIELDS;

export interface PushFrame {
  /** The full channel as subscribed. */
  readonly channel: string;
  readonly symbol?: string;
  readonly createTime?: number;
  readonly sendTime: number;
  readonly kind: BodyKind;
  readonly body: ProtoWriter;
}

/** One binary WebSocket message. */
export function encodePushFrame(frame: PushFrame): Uint8Array {
  return new ProtoWriter()
    .text(1, frame.channel)
    .text(3, frame.symbol ?? "")
    .whole(5, frame.createTime ?? 0)
    .whole(6, frame.sendTime)
    .message(BODY_FIELDS[frame.kind], frame.body)
    .finish();
}
