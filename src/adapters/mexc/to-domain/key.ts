import { z } from "zod";
import type { AccountRights, KeyFacts } from "../../../core/domain/key-check.ts";
import { safeText } from "../../../core/domain/safe-text.ts";

const textList = z.union([z.array(z.string()), z.string().transform((text) => text.split(",").map((it) => it.trim()))]);

export const keySchema = z.object({
  status: z.string(),
  permissions: textList,
  ipWhiteList: textList.nullish(),
  /** RFC 3339. */
  createTime: z.string().nullish(),
  /** Days. */
  remainingValidity: z.union([z.int(), z.string().regex(/^-?\d{1,6}$/)]).nullish(),
});

const STATUSES: ReadonlyMap<string, KeyFacts["status"]> = new Map([
  ["VALID", "valid"],
  ["FROZEN", "frozen"],
  ["DELETE", "deleted"],
]);
/** What the exchange calls for ever. */
const PERMANENT = -999;

export function toKeyFacts(row: z.infer<typeof keySchema>): KeyFacts {
  const createdAt = Date.parse(row.createTime ?? "");
  return {
    status: STATUSES.get(row.status) ?? "unknown",
    permissions: named(row.permissions),
    ipList: named(row.ipWhiteList ?? []),
    ...(Number.isNaN(createdAt) ? {} : { createdAt }),
    daysLeft: daysOf(row.remainingValidity),
  };
}

function named(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => text !== "").map((text) => safeText(text, 60));
}

function daysOf(told: number | string | null | undefined): KeyFacts["daysLeft"] {
  if (told === null || told === undefined) return "unknown";
  return Number(told) === PERMANENT ? "permanent" : Number(told);
}

export const rightsSchema = z.object({ canTrade: z.boolean(), canWithdraw: z.boolean().nullish() });

/** What is not said is taken for the worse. */
export function toAccountRights(row: z.infer<typeof rightsSchema>): AccountRights {
  return { canTrade: row.canTrade, canWithdraw: row.canWithdraw ?? true };
}
