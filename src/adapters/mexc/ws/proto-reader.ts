/** The bytes are no message of the schema. The frame is put aside; the stream goes on. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

const text = new TextDecoder("utf-8", { fatal: false });

/**
 * Reads protobuf wire format from a range of bytes. Bounds are checked at every step and every step moves forward, so
 * no input can hang it.
 */
export class ProtoReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** The next field's number and wire type packed as on the wire; 0 at the end. */
  nextTag(): number {
    if (this.#at >= this.#end) return 0;
    const tag = this.varint();
    if (tag < 8 || tag > 0xffffffff) throw new DecodeError("a field has no number");
    return tag;
  }

  /** Unsigned, exact to 2^53; larger ones lose their lowest bits, which no field we read can have. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      if (this.#at >= this.#end) throw new DecodeError("a number is cut short");
      const byte = this.#bytes[this.#at] as number;
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new DecodeError("a number is too long");
  }

  string(): string {
    const end = this.#takeLength();
    const start = this.#at;
    this.#at = end;
    // Nearly every text is a short decimal: building it by hand is several times faster than a TextDecoder.
    if (end - start <= 64) {
      let short = "";
      for (let at = start; at < end; at += 1) {
        const byte = this.#bytes[at] as number;
        if (byte >= 0x80) return text.decode(this.#bytes.subarray(start, end));
        short += String.fromCharCode(byte);
      }
      return short;
    }
    return text.decode(this.#bytes.subarray(start, end));
  }

  /** A reader for the message inside a length-delimited field. */
  message(): ProtoReader {
    const end = this.#takeLength();
    const inner = new ProtoReader(this.#bytes, this.#at, end);
    this.#at = end;
    return inner;
  }

  /** Passes over a field that nobody asked for. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.#at = this.#takeLength();
    else if (wireType === 5) this.#advance(4);
    else throw new DecodeError(`a field has the wire type ${wireType}`);
  }

  #takeLength(): number {
    const length = this.varint();
    const end = this.#at + length;
    if (end > this.#end) throw new DecodeError("a field is cut short");
    return end;
  }

  #advance(count: number): void {
    if (this.#at + count > this.#end) throw new DecodeError("a field is cut short");
    this.#at += count;
  }
}

/**
 * Reads a flat message by a table of field number → name and kind. Absent fields keep the default of proto3, unknown
 * ones are skipped, and a field of another wire type than the schema's is skipped too.
 */
export function readFlat<T extends Readonly<Record<string, string | number | boolean>>>(
  reader: ProtoReader,
  fields: Readonly<Record<number, keyof T & string>>,
  defaults: T,
): T {
  const message: Record<string, string | number | boolean> = { ...defaults };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    const name = fields[tag >>> 3];
    const wireType = tag & 7;
    const fallback = name === undefined ? undefined : defaults[name];
    if (name === undefined || fallback === undefined) reader.skip(wireType);
    else if (wireType === 2 && typeof fallback === "string") message[name] = reader.string();
    else if (wireType === 0 && typeof fallback === "number") message[name] = reader.varint();
    else if (wireType === 0 && typeof fallback === "boolean") message[name] = reader.varint() !== 0;
    else reader.skip(wireType);
  }
  return message as T;
}
