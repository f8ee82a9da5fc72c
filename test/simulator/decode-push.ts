import { readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";

const schema = readFileSync(join(import.meta.dirname, "../fixtures/mexc/push.proto"), "utf8");
const Wrapper = protobuf.parse(schema, { keepCase: true }).root.lookupType("PushDataV3ApiWrapper");

export type Fields = Readonly<Record<string, unknown>>;

/** A push read by the reference decoder; only fields that were on the wire are there, int64 as numbers. */
export function decodePush(frame: Uint8Array): Fields {
  return Wrapper.toObject(Wrapper.decode(frame), { longs: Number });
}
