import { createHash } from "node:crypto";

/** The number an account is known by, made from its first key so that it is the same after every start. */
export function uidOf(account: string): string {
  return String(createHash("sha256").update(account).digest().readUInt32BE(0));
}
