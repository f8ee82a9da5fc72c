import type { Fill } from "../../src/core/domain/fill.ts";
import type { ClientOrderId } from "../../src/core/domain/identifiers.ts";
import type { Quantity } from "../../src/core/domain/money.ts";
import { add, formatMoney, quantity } from "../../src/core/domain/money.ts";
import type { Protection } from "../../src/core/domain/protection.ts";
import type { SyncRow } from "../../src/core/domain/sync-table.ts";
import type { SyncRemote } from "../../src/core/ports/sync-remote.ts";
import { ACCOUNT, OTHER_ACCOUNT } from "../adapters/storage/samples.ts";
import type { SyncDevice } from "./sync-device.ts";

/** What must hold at the end, noted while it is written. */
export interface SyncOracles {
  readonly broken: readonly string[];
  fail(what: string): void;
  wroteFill(device: SyncDevice, fill: Fill): void;
  wroteOrder(id: ClientOrderId, rank: number, reported: Quantity): void;
  wroteIntent(id: string): void;
  wroteSetting(device: SyncDevice, key: string, value: string): void;
  wroteState(device: SyncDevice, reason: string): void;
  wroteProtection(protection: Protection): void;
  check(devices: readonly SyncDevice[], remote: SyncRemote): Promise<void>;
}

interface Latest {
  readonly hlc: string;
  readonly value: string;
}

export function createSyncOracles(): SyncOracles {
  const broken: string[] = [];
  /** By key: each content that was written under it. */
  const fills = new Map<string, Set<string>>();
  const sums = new Map<string, Set<string>>();
  const orders = new Map<string, { readonly rank: number; readonly reported: Quantity }>();
  const intents = new Set<string>();
  const settings = new Map<string, Latest>();
  const protections = new Map<string, { readonly version: number; readonly attempts: number }>();
  let state: Latest | undefined;
  const fail = (what: string) => {
    broken.push(what);
  };
  const find = (device: SyncDevice, table: string, key: string) =>
    device.store.scan(table, "", 100_000).find((row) => row.key === key);
  const later = (before: Latest | undefined, row: SyncRow | undefined, value: string): Latest => {
    if (row === undefined) return before ?? { hlc: "", value };
    return before === undefined || row.hlc > before.hlc ? { hlc: row.hlc, value } : before;
  };

  return {
    broken,
    fail,
    wroteFill(device, fill) {
      // Of two tellings the first stands on each machine by itself; the second one never was a row.
      const stored = find(device, "fills", `${ACCOUNT.accountId}:${fill.symbol}:${fill.tradeId}`);
      const contents = fills.get(fill.tradeId) ?? new Set();
      fills.set(fill.tradeId, contents.add(String(stored?.values["fee_quantity"])));
      const trades = sums.get(fill.orderId) ?? new Set();
      sums.set(fill.orderId, trades.add(fill.tradeId));
    },
    wroteOrder(id, rank, reported) {
      const before = orders.get(id);
      orders.set(id, {
        rank: Math.max(rank, before?.rank ?? 0),
        reported: before !== undefined && before.reported > reported ? before.reported : reported,
      });
    },
    wroteIntent(id) {
      intents.add(id);
    },
    wroteSetting(device, key, value) {
      settings.set(key, later(settings.get(key), find(device, "settings", key), value));
    },
    wroteState(device, reason) {
      state = later(state, find(device, "trading_states", OTHER_ACCOUNT.accountId), reason);
    },
    wroteProtection({ protectionId, version, legs }) {
      const attempts = legs.reduce((sum, leg) => sum + leg.attempts.length, 0);
      const before = protections.get(protectionId);
      protections.set(protectionId, {
        version: Math.max(version, before?.version ?? 0),
        attempts: Math.max(attempts, before?.attempts ?? 0),
      });
    },
    async check(devices, remote) {
      await checkEqual(devices, remote, fail);
      for (const device of devices) {
        const { name, store, storage, account } = device;
        if (store.pendingSummary().rows > 0) fail(`${name} still has rows to push`);
        const held = new Map(store.scan("fills", "", 100_000).map((row) => [String(row.values["trade_id"]), row]));
        for (const [trade, contents] of fills) {
          const standing = held.get(trade);
          if (standing === undefined) fail(`${name} lost the fill ${trade}`);
          else if (!contents.has(String(standing.values["fee_quantity"]))) fail(`${name} made up the fill ${trade}`);
        }
        for (const id of intents) {
          if (find(device, "intents", `${ACCOUNT.accountId}:${id}`) === undefined)
            fail(`${name} lost the intent ${id}`);
        }
        for (const [id, { rank, reported }] of orders) {
          const row = find(device, "orders", `${ACCOUNT.accountId}:${id}`);
          if (row === undefined || Number(row.values["evidence_rank"]) < rank)
            fail(`${name} knows less of the order ${id}`);
          const told = quantity(String(row?.values["reported_quantity"] ?? "0"));
          if (told < reported) fail(`${name} forgot what the exchange reported of ${id}`);
        }
        for (const [orderId, trades] of sums) {
          let sum = quantity("0");
          for (const _ of trades) sum = add(sum, quantity("0.01"));
          const row = store.scan("orders", "", 100_000).find(({ values }) => values["order_id"] === orderId);
          if (row !== undefined && quantity(String(row.values["filled_quantity"])) !== sum) {
            fail(
              `${name} holds ${orderId} filled with ${String(row.values["filled_quantity"])}, not ${formatMoney(sum)}`,
            );
          }
        }
        for (const [key, { value }] of settings) {
          if (storage.settings.get(key) !== value) fail(`${name} holds an older ${key}`);
        }
        const standing = find(device, "trading_states", OTHER_ACCOUNT.accountId)?.values["reason"];
        if (state !== undefined && standing !== state.value) fail(`${name} holds an older trading state`);
        for (const [id, least] of protections) {
          const found = account.protections.list({}).find(({ protectionId }) => protectionId === id);
          const attempts = found?.legs.reduce((sum, leg) => sum + leg.attempts.length, 0) ?? 0;
          if (attempts < least.attempts) fail(`${name} forgot that ${id} has sold`);
          if ((found?.version ?? 0) < least.version) fail(`${name} went back to an older ${id}`);
        }
      }
      checkKept(devices, fills, fail);
    },
  };
}

async function checkEqual(devices: readonly SyncDevice[], remote: SyncRemote, fail: (what: string) => void) {
  for (const { name } of devices[0]?.store.tables ?? []) {
    const there = await remote.scan(name, "", 100_000, new AbortController().signal);
    const wanted = new Map(there.map((row) => [row.key, row.hash]));
    for (const device of devices) {
      const here = device.store.scan(name, "", 100_000);
      for (const row of here) if (!device.store.isSound(row)) fail(`${device.name} holds ${name} ${row.key} damaged`);
      const different = here.filter(({ key, hash }) => wanted.get(key) !== hash).map(({ key }) => key);
      const missing = wanted.size - here.filter(({ key }) => wanted.has(key)).length;
      if (different.length + missing > 0) {
        fail(`${device.name} and the remote differ in ${name}: ${different.join(" ")}, ${String(missing)} missing`);
      }
    }
  }
}

/** Of two things told under one id, the one that does not stand is kept somewhere for a person. */
function checkKept(
  devices: readonly SyncDevice[],
  fills: ReadonlyMap<string, ReadonlySet<string>>,
  fail: (what: string) => void,
) {
  if (devices.some(({ hasBackup }) => hasBackup)) return;
  const kept = devices
    .flatMap(({ store }) => store.conflicts(10_000))
    .filter(({ kind, table }) => kind === "lost" && table === "fills");
  for (const [trade, contents] of fills) {
    const standing = devices[0]?.store.scan("fills", "", 100_000).find(({ values }) => values["trade_id"] === trade);
    for (const content of contents) {
      if (content === standing?.values["fee_quantity"]) continue;
      const isKept = kept.some(
        ({ key, row }) => key.endsWith(`:${trade}`) && row.includes(`"fee_quantity":"${content}"`),
      );
      if (!isKept) fail(`what gave way of the fill ${trade} was thrown away`);
    }
  }
}
