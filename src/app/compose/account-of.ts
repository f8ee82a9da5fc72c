import { createHash } from "node:crypto";
import type { AccountId } from "../../core/domain/identifiers.ts";
import { accountId } from "../../core/domain/identifiers.ts";
import type { Mode } from "../../core/domain/mode.ts";

/**
 * Names the account by a fingerprint of its key, so that the key itself stands in no row and on no screen, and every machine
 * with this key has the same name for it.
 */
export function accountOf(mode: Mode, apiKey: string): AccountId {
  return accountId(`${mode}:${fingerprint(apiKey)}`);
}

/**
 * The account of a demo inside a home. Its key is the same in every home and its exchange is not, so the home is part of its
 * name: what two homes did in their demos must not meet under one account.
 */
export function demoAccountOf(apiKey: string, home: string): AccountId {
  return accountId(`demo:${fingerprint(`${apiKey} ${home}`)}`);
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
