/** The bytes are no message of the schema. The frame is put aside; the stream goes on. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/**
 * Reads protobuf wire format from a range of bytes. Bounds are checked at every step and every step moves forward, so
 * no input can hang it, and nothing it makes is larger than the bytes it was made of.
 */
export class ProtoReader {
  readonly bytes: Buffer;
  #at: number;
  #end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  /** Where the next byte is read. Whoever moves it stays within the message. */
  get at(): number {
    return this.#at;
  }
  set at(place: number) {
    this.#at = place;
  }

  /** The first place after the message. */
  get end(): number {
    return this.#end;
  }

  /** The next field's number and wire type packed as on the wire; 0 at the end of the message. */
  nextTag(): number {
    if (this.#at >= this.#end) return 0;
    const tag = this.varint();
    if (tag < 8 || tag > 0xffffffff) throw new DecodeError("a field has no number");
    return tag;
  }

  /** Unsigned, exact to 2^53; larger ones lose their lowest bits. */
  varint(): number {
    if (this.#at >= this.#end) throw new DecodeError("a number is cut short");
    const first = this.bytes[this.#at] as number;
    this.#at += 1;
    return first < 0x80 ? first : this.#longVarint(first & 0x7f);
  }

  /** A whole number that a field of ours holds. None of them is negative or beyond 2^53. */
  whole(): number {
    const value = this.varint();
    if (value > Number.MAX_SAFE_INTEGER) throw new DecodeError("a number is out of range");
    return value;
  }

  /** Bytes that are no UTF-8 become U+FFFD. */
  text(): string {
    const start = this.passBlock();
    return this.bytes.toString("utf8", start, this.#at);
  }

  /** Passes over a length-delimited field. @returns where its content begins; it ends before `at` */
  passBlock(): number {
    const length = this.varint();
    const start = this.#at;
    if (length > this.#end - start) throw new DecodeError("a field is cut short");
    this.#at = start + length;
    return start;
  }

  /** Goes into the message of a length-delimited field. @returns what `leave` needs to come out again */
  enter(): number {
    const length = this.varint();
    const end = this.#at + length;
    const outer = this.#end;
    if (end > outer) throw new DecodeError("a field is cut short");
    this.#end = end;
    return outer;
  }

  leave(outer: number): void {
    this.#at = this.#end;
    this.#end = outer;
  }

  /** Passes over a field that nobody asked for. Groups are of no message of the schema and are refused. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.passBlock();
    else if (wireType === 5) this.#advance(4);
    else throw new DecodeError(`a field has the wire type ${wireType}`);
  }

  #longVarint(lowest: number): number {
    const { bytes } = this;
    const end = this.#end;
    let at = this.#at;
    let value = lowest;
    let factor = 128;
    for (let count = 1; count < 10; count += 1) {
      if (at >= end) throw new DecodeError("a number is cut short");
      const byte = bytes[at] as number;
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.#at = at;
        return value;
      }
      factor *= 128;
    }
    throw new DecodeError("a number is too long");
  }

  #advance(count: number): void {
    if (this.#at + count > this.#end) throw new DecodeError("a field is cut short");
    this.#at += count;
  }
}
