import { and, asc, desc, eq, gte, isNotNull, lte, sql } from "drizzle-orm";
import { z } from "zod";
import type { EquitySample } from "../../core/domain/equity-history.ts";
import type { Asset } from "../../core/domain/identifiers.ts";
import type { Quantity } from "../../core/domain/money.ts";
import type { EquityStore } from "../../core/ports/portfolio-stores.ts";
import type { AccountParts } from "./account-parts.ts";
import { decodeMoneyJson, encodeMoneyJson } from "./money-json.ts";
import { equityKey } from "./row-keys.ts";
import { createRowWriter } from "./row-writer.ts";
import { ownColumns } from "./rows.ts";
import { equitySamples } from "./schema.ts";
import { databaseUnreadable, reading, storageFailed } from "./storage-error.ts";

/** One sample is kept for each stretch of this length. */
const STRETCH_MS = 5 * 60_000;
const COLUMNS = ownColumns(equitySamples);

const money = z.bigint().transform((value) => value as Quantity);
const name = z.string().transform((text) => text as Asset);
const unknownSchema = z.array(z.object({ asset: name, quantity: money, reason: z.string() }));
const totalsSchema = z.array(z.object({ asset: name, quantity: money }));

export function createEquityStore(parts: AccountParts): EquityStore {
  const { client, query, outbox, accountId, mode } = parts;
  const rows = createRowWriter(client, outbox, equitySamples, "keep");
  const mine = and(eq(equitySamples.accountId, accountId), eq(equitySamples.deleted, 0));
  const newest = query
    .select(COLUMNS)
    .from(equitySamples)
    .where(and(mine, lte(equitySamples.at, sql.placeholder("moment"))))
    .orderBy(desc(equitySamples.at))
    .limit(1)
    .prepare();
  const add = client.transaction((sample: EquitySample): boolean => {
    const { totals } = sample;
    const row = {
      key: equityKey(accountId, Math.floor(sample.at / STRETCH_MS)),
      accountId,
      mode,
      at: sample.at,
      quote: sample.quote,
      known: sample.known,
      unknown: encodeMoneyJson(sample.unknown),
      totals:
        totals === undefined ? null : encodeMoneyJson([...totals].map(([asset, quantity]) => ({ asset, quantity }))),
    };
    return rows.write(row, outbox.stamp());
  });
  return {
    list: ({ since }) =>
      reading("The samples of the equity", () =>
        query
          .select(COLUMNS)
          .from(equitySamples)
          .where(and(mine, gte(equitySamples.at, since ?? 0)))
          .orderBy(asc(equitySamples.at))
          .all()
          .map(toSample),
      ),
    first: () =>
      reading("The samples of the equity", () =>
        query
          .select(COLUMNS)
          .from(equitySamples)
          .where(mine)
          .orderBy(asc(equitySamples.at))
          .limit(1)
          .all()
          .map(toSample),
      )[0],
    newestAt: (moment) => reading("The samples of the equity", () => newest.all({ moment }).map(toSample))[0],
    latestTotals: () =>
      reading("The samples of the equity", () =>
        query
          .select(COLUMNS)
          .from(equitySamples)
          .where(and(mine, isNotNull(equitySamples.totals)))
          .orderBy(desc(equitySamples.at))
          .limit(1)
          .all()
          .map(toSample),
      )[0]?.totals,
    add(sample) {
      try {
        return add.immediate(sample);
      } catch (cause) {
        throw storageFailed("The sample of the equity could not be written", cause);
      }
    },
  };
}

type Row = Omit<typeof equitySamples.$inferSelect, "hlc" | "deleted" | "hash">;

function toSample(row: Row): EquitySample {
  return {
    at: row.at,
    quote: row.quote,
    known: row.known,
    unknown: parse(unknownSchema, row.unknown),
    totals:
      row.totals === null
        ? undefined
        : new Map(parse(totalsSchema, row.totals).map(({ asset, quantity }) => [asset, quantity])),
  };
}

function parse<T extends z.ZodType>(schema: T, text: string): z.infer<T> {
  try {
    return schema.parse(decodeMoneyJson(text));
  } catch (cause) {
    throw databaseUnreadable("The database holds a sample of the equity that cannot be read.", undefined, cause);
  }
}
