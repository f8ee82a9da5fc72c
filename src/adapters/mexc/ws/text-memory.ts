const PLACES = 64;
/** Nothing longer is worth comparing byte by byte. */
const LONGEST = 80;

/**
 * Remembers the texts that come with every push, channel and symbol, so that the same bytes give the same string
 * without making it anew. It holds a fixed number of them; a newer one takes the place of an older.
 */
export class TextMemory {
  readonly #texts: string[] = Array.from({ length: PLACES }, () => "");
  readonly #bytes: Uint8Array[] = Array.from({ length: PLACES }, () => new Uint8Array(0));

  /** @returns the text of the bytes from `start` to before `end`; bytes that are no UTF-8 become U+FFFD */
  read(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0 || length > LONGEST) return bytes.toString("utf8", start, end);
    // Channels differ in their symbol, at the end; one of them and its symbol differ in length.
    const place = (length * 7 + (bytes[end - 1] as number) * 5 + (bytes[start + (length >> 1)] as number)) % PLACES;
    if (isSame(this.#bytes[place] as Uint8Array, bytes, start, length)) return this.#texts[place] as string;
    const text = bytes.toString("utf8", start, end);
    this.#bytes[place] = Uint8Array.from(bytes.subarray(start, end));
    this.#texts[place] = text;
    return text;
  }
}

function isSame(known: Uint8Array, bytes: Buffer, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}
