import { isDeepStrictEqual } from "node:util";
import { decodePush } from "../../src/adapters/mexc/ws/decode-push.ts";
import { DecodeError } from "../../src/adapters/mexc/ws/proto-reader.ts";
import { TextMemory } from "../../src/adapters/mexc/ws/text-memory.ts";
import { createWireLadder } from "../../src/adapters/mexc/ws/wire-ladder.ts";
import { AppError } from "../../src/core/domain/errors.ts";
import { Random } from "../../src/simulator/random.ts";
import { Wrapper } from "../adapters/mexc/push-schema.ts";
import { BODY_NAMES, inventFrame } from "./invent-frame.ts";
import { fieldsByReference, fieldsOfOurs } from "./known-fields.ts";
import { rewriteFrame } from "./rewrite-frame.ts";
import { randomBytes, spoilFrame } from "./spoil-frame.ts";

/** How many frames of each sort were decoded, and what became of them. */
export interface FuzzCount {
  sound: number;
  rewritten: number;
  spoiled: number;
  random: number;
  /** Of the spoiled and random ones, those that were refused. */
  refused: number;
}

/** Each sound frame serves for many others. */
const POOL = 40;
/** A frame of a few hundred bytes takes microseconds; this long means that one can hang the stream. */
const TOO_LONG_MS = 1_000;

/**
 * Decodes frames of every body: sound ones and ones rewritten to mean the same must say what the reference library
 * reads; spoiled and random ones must be taken or refused with a `DecodeError`, at once.
 * @throws Error that names seed and frame at the first that does not
 */
export function fuzzDecoder(seed: number, frames: number): FuzzCount {
  const random = new Random(seed);
  const names = new TextMemory();
  const count: FuzzCount = { sound: 0, rewritten: 0, spoiled: 0, random: 0, refused: 0 };
  for (let done = 0; done < frames;) {
    const body = BODY_NAMES[random.integer(BODY_NAMES.length)] ?? "";
    const sound = inventFrame(random, body);
    const expected = fieldsByReference(sound);
    expectFields(sound, expected, "sound");
    count.sound += 1;
    for (let other = 0; other < POOL && done < frames; other += 1, done += 1) {
      const sort = random.next();
      if (sort < 0.1) {
        expectFields(rewriteFrame(random, sound, Wrapper), expected, "rewritten");
        count.rewritten += 1;
      } else if (sort < 0.9) {
        count.refused += survive(spoilFrame(random, sound)) ? 0 : 1;
        count.spoiled += 1;
      } else {
        count.refused += survive(randomBytes(random, random.integer(300))) ? 0 : 1;
        count.random += 1;
      }
    }
  }
  return count;

  function expectFields(bytes: Uint8Array, expected: object, sort: string): void {
    let ours: object;
    try {
      ours = fieldsOfOurs(decodePush(bytes, names));
    } catch (cause) {
      throw failure(bytes, `a ${sort} frame was not decoded`, cause);
    }
    if (!isDeepStrictEqual(ours, expected))
      throw failure(bytes, `a ${sort} frame: ${JSON.stringify(ours)} instead of ${JSON.stringify(expected)}`);
  }

  /** @returns whether the frame was taken */
  function survive(bytes: Uint8Array): boolean {
    const begin = performance.now();
    const isTaken = take(bytes);
    const tookMs = performance.now() - begin;
    if (tookMs > TOO_LONG_MS) throw failure(bytes, `a frame took ${tookMs} ms`);
    return isTaken;
  }

  function take(bytes: Uint8Array): boolean {
    let push: ReturnType<typeof decodePush>;
    try {
      push = decodePush(bytes, names);
    } catch (cause) {
      if (cause instanceof DecodeError) return false;
      throw failure(bytes, "decoding threw something else", cause);
    }
    try {
      if (push.body.kind === "depths") createWireLadder().apply(push.body.changes);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw failure(bytes, "the book threw something else", cause);
    }
    return true;
  }

  function failure(bytes: Uint8Array, what: string, cause?: unknown): Error {
    return new Error(`seed ${seed}: ${what}; frame ${Buffer.from(bytes).toString("hex")}`, { cause });
  }
}
