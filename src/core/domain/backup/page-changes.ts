/** Bytes of one page's hash. */
export const PAGE_HASH_BYTES = 16;

/**
 * The pages of a database that are not as they were in its parent, by number from 0.
 * @param now @param before the hashes of all pages, one behind the other.
 */
export function changedPages(now: Uint8Array, before: Uint8Array): readonly number[] {
  const changed: number[] = [];
  for (let at = 0; at < now.length; at += PAGE_HASH_BYTES) {
    if (!isSameHash(now, before, at)) changed.push(at / PAGE_HASH_BYTES);
  }
  return changed;
}

function isSameHash(now: Uint8Array, before: Uint8Array, from: number): boolean {
  for (let at = from; at < from + PAGE_HASH_BYTES; at += 1) if (now[at] !== before[at]) return false;
  return true;
}
