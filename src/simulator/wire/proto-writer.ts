const FIRST_BYTES = 128;
/** A varint of 64 bits. */
const MOST_VARINT_BYTES = 10;

/**
 * Writes one proto3 message. Fields must come in ascending order; the caller sees to that. Values that are the
 * default of their type ("", 0, false) leave no bytes.
 */
export class ProtoWriter {
  // From Node's pool: many small messages make a frame, and each would be an allocation of its own.
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  text(field: number, value: string): this {
    if (value === "") return this;
    this.#reserve(2 * MOST_VARINT_BYTES + value.length);
    const start = this.#length;
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    for (let at = 0; at < value.length; at += 1) {
      const code = value.charCodeAt(at);
      if (code >= 128) {
        this.#length = start;
        return this.#block(field, Buffer.from(value, "utf8"));
      }
      this.#bytes[this.#length + at] = code;
    }
    this.#length += value.length;
    return this;
  }

  /** A whole number from 0 to 2^53. */
  whole(field: number, value: number): this {
    if (value === 0) return this;
    this.#reserve(2 * MOST_VARINT_BYTES);
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }

  flag(field: number, value: boolean): this {
    return this.whole(field, value ? 1 : 0);
  }

  /** A nested message, which is there even when it is empty. */
  message(field: number, value: ProtoWriter): this {
    return this.#block(field, value.finish());
  }

  messages(field: number, values: readonly ProtoWriter[]): this {
    for (const value of values) this.message(field, value);
    return this;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #block(field: number, content: Uint8Array): this {
    this.#reserve(2 * MOST_VARINT_BYTES + content.length);
    this.#varint(field * 8 + 2);
    this.#varint(content.length);
    this.#bytes.set(content, this.#length);
    this.#length += content.length;
    return this;
  }

  /** There must be room for it. */
  #varint(value: number): void {
    let rest = value;
    // Times have 41 bits, so the bit operators of 32 will not do for all of it.
    while (rest > 0x7fff_ffff) {
      this.#bytes[this.#length] = (rest % 128) + 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#length] = (rest & 127) | 128;
      this.#length += 1;
      rest >>= 7;
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
