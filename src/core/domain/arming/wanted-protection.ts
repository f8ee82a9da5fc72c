import type { AskedPrice } from "../asked-order.ts";
import type { AskedExits } from "../exit-words.ts";
import type { ClientOrderId, MarketSymbol, Timestamp } from "../identifiers.ts";
import type { Quantity } from "../money.ts";
import type { Confirmation, ExitStyle, TrailDistance, TriggerSource } from "../protection.ts";

/**
 * A protection as a trader asks for it. Distances are counted from the price a sale would get at present, or from the
 * limit of the entry order it is for.
 */
export interface WantedProtection {
  readonly symbol: MarketSymbol;
  /** What it covers; without one all that is held, and with an entry or a linked order what follows from that. */
  readonly quantity?: Quantity;
  /** All that is held at the moment it sells, whatever it came from. */
  readonly isAll?: boolean;
  /** A buy of ours whose fills it covers as they come. */
  readonly entryId?: ClientOrderId;
  /** A resting sale of ours that shares the covered base. */
  readonly linkedId?: ClientOrderId;
  /** Stop-loss and take-profits. */
  readonly exits: AskedExits;
  readonly trail?: { readonly distance: TrailDistance; readonly activation?: AskedPrice };
  readonly breakEven?: AskedPrice;
  readonly until?: Timestamp;
  readonly exit: ExitStyle;
  readonly trigger: TriggerSource;
  readonly confirmation: Confirmation;
}
