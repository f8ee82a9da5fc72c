import { inspect } from "node:util";

const SHOWN = "[secret]";

/**
 * A value that no printer can show: JSON, templates, `inspect`, spread and clone all give "[secret]" or nothing. It lives
 * in a buffer because a string can neither be kept from the heap nor wiped.
 */
export class Secret {
  #bytes: Buffer | undefined;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Takes the buffer over; the caller must not keep using it. */
  static fromBuffer(bytes: Buffer): Secret {
    return new Secret(bytes);
  }

  /** Lends the bytes for one call: sign with them, never turn them into text. @throws Error after `wipe`. */
  use<T>(borrow: (bytes: Buffer) => T): T {
    if (this.#bytes === undefined) throw new Error("the secret was wiped");
    return borrow(this.#bytes);
  }

  /** Overwrites the bytes. */
  wipe(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return SHOWN;
  }
  toJSON(): string {
    return SHOWN;
  }
  [Symbol.toPrimitive](): string {
    return SHOWN;
  }
  [inspect.custom](): string {
    return SHOWN;
  }
}
