const encoder = new TextEncoder();

/**
 * Writes one proto3 message. Fields must come in ascending order; the caller sees to that. Values that are the
 * default of their type ("", 0, false) leave no bytes.
 */
export class ProtoWriter {
  #bytes = new Uint8Array(128);
  #length = 0;

  text(field: number, value: string): this {
    if (value === "") return this;
    return this.#block(field, encoder.encode(value));
  }

  /** A whole number from 0 to 2^53. */
  whole(field: number, value: number): this {
    if (value === 0) return this;
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
    this.#varint(field * 8 + 2);
    this.#varint(content.length);
    this.#reserve(content.length);
    this.#bytes.set(content, this.#length);
    this.#length += content.length;
    return this;
  }

  #varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    // Times have 41 bits, so the bit operators of 32 will not do.
    while (rest >= 128) {
      this.#bytes[this.#length] = (rest % 128) + 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
