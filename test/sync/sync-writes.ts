import { evidenceRank } from "../../src/adapters/storage/order-merge.ts";
import { asset, clientOrderId, orderId } from "../../src/core/domain/identifiers.ts";
import { price, quantity } from "../../src/core/domain/money.ts";
import type { Quantity } from "../../src/core/domain/money.ts";
import type { Order } from "../../src/core/domain/order.ts";
import type { Protection } from "../../src/core/domain/protection.ts";
import { batchOf, intentBatch, sampleFill, sampleOrder } from "../adapters/storage/samples.ts";
import { protectionSample } from "../core/domain/samples.ts";
import type { SyncDevice } from "./sync-device.ts";
import type { SyncOracles } from "./sync-oracles.ts";

const ORDERS = 12;
const STATES = ["submitted", "unknown", "open", "partially-filled", "filled", "cancelled"] as const;

/** What a device does by itself: through the journal and the stores, as the program does. */
export function createSyncWrites(random: () => number, oracles: SyncOracles): { write(device: SyncDevice): void } {
  const pick = (from: number) => Math.floor(random() * from);
  let counter = 0;

  function fills(device: SyncDevice): void {
    const batch = Array.from({ length: 1 + pick(5) }, () => {
      const trade = pick(60);
      const order = trade % ORDERS;
      // Of the same trade two machines once in a while tell different things.
      const quirk = random() < 0.05 ? `0.00${String(1 + pick(8))}` : "0.001";
      return sampleFill(`t${String(trade)}`, {
        orderId: orderId(`C02__${String(order)}`),
        clientOrderId: clientOrderId(`td-${String(order)}`),
        quantity: quantity("0.01"),
        fee: { asset: asset("USDT"), quantity: quantity(quirk) },
      });
    });
    device.account.journal.commit(batchOf({ fills: batch }));
    for (const fill of batch) oracles.wroteFill(device, fill);
  }

  function order(device: SyncDevice): void {
    const number = pick(ORDERS);
    const state = STATES[pick(STATES.length)] ?? "open";
    const isKnown = state !== "submitted" && state !== "unknown";
    const reported: Quantity = quantity(isKnown ? `0.0${String(pick(9))}` : "0");
    const view: Order = sampleOrder(
      {
        state,
        ...(isKnown ? { orderId: orderId(`C02__${String(number)}`) } : {}),
        reportedQuantity: reported,
        updatedAt: 1_800_000_000_000 + pick(50),
        origin: random() < 0.2 ? "foreign" : "own",
      },
      `td-${String(number)}`,
    );
    device.account.journal.commit(batchOf({ orders: [view] }));
    oracles.wroteOrder(view.clientOrderId, evidenceRank(view), reported);
  }

  function intent(device: SyncDevice): void {
    counter += 1;
    device.account.journal.commit(intentBatch(`own-${device.name}-${String(counter)}`));
    oracles.wroteIntent(`own-${device.name}-${String(counter)}`);
  }

  function setting(device: SyncDevice): void {
    counter += 1;
    const key = `setting${String(pick(8))}`;
    const value = `value ${String(counter)}`;
    device.storage.settings.set(key, value);
    if (device.storage.settings.get(key) !== value) oracles.fail(`${device.name} does not see its own ${key}`);
    oracles.wroteSetting(device, key, value);
  }

  function state(device: SyncDevice): void {
    counter += 1;
    const reason = `reason ${String(counter)}`;
    // Of another account: it would forbid the orders of this one.
    device.otherAccount.journal.commit(
      batchOf({
        events: [{ type: "trading-state-changed", state: { kind: "reducing", reason }, by: "person", evidence: [] }],
      }),
    );
    oracles.wroteState(device, reason);
  }

  function protection(device: SyncDevice): void {
    const { protections, journal } = device.account;
    const id = `p${String(pick(4))}`;
    const stored = protections.list({}).find(({ protectionId }) => protectionId === id);
    if (stored === undefined) {
      const fresh = protectionSample({ protectionId: id, coverage: { kind: "holding" }, version: 1 });
      const beside = protections.list({}).map(({ protectionId }) => protectionId);
      journal.commit(batchOf({ protections: [{ protection: fresh, replaces: undefined, beside }] }));
      return;
    }
    const fires = random() < 0.3;
    if (fires) counter += 1;
    const changed: Protection = {
      ...stored,
      version: stored.version + 1,
      exit: random() < 0.5 ? { kind: "market" } : stored.exit,
      legs: stored.legs.map((leg, at) =>
        at === 0 && fires
          ? {
              ...leg,
              attempts: [
                ...leg.attempts,
                {
                  exitOrderId: clientOrderId(`exit-${device.name}-${String(counter)}`),
                  quantity: quantity("0.001"),
                  observedPrice: price("60000"),
                  at: 1,
                },
              ],
            }
          : leg,
      ),
    };
    journal.commit(batchOf({ protections: [{ protection: changed, replaces: stored.version }] }));
    oracles.wroteProtection(changed);
  }

  const kinds = [fills, fills, order, order, intent, setting, state, protection];
  return {
    write(device) {
      (kinds[pick(kinds.length)] ?? fills)(device);
    },
  };
}
