import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format, inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSecretFile } from "../../../src/adapters/system/secret-file.ts";
import { Secret } from "../../../src/adapters/system/secret.ts";

const CANARY = "canary-5f2d8a";

describe("a secret", () => {
  const make = () => Secret.fromBuffer(Buffer.from(CANARY));

  test.each<[string, (secret: Secret) => string]>([
    // oxlint-disable-next-line typescript/restrict-template-expressions -- what a careless template shows is the test
    ["a template", (secret) => `${secret}`],
    ["JSON", (secret) => JSON.stringify({ deep: [{ secret }] })],
    ["inspect", (secret) => inspect({ secret }, { showHidden: true, depth: 9 })],
    ["inspect of a bare one without custom", (secret) => inspect(secret, { customInspect: false, showHidden: true })],
    ["format", (secret) => format("%s %o %O %j %d", secret, secret, secret, secret, secret)],
    ["spread", (secret) => JSON.stringify({ ...secret }) + inspect({ ...secret })],
    ["a clone", (secret) => inspect(structuredClone(secret))],
    ["an error", (secret) => inspect(Object.assign(new Error(String(secret)), { secret }))],
    ["its own keys", (secret) => Reflect.ownKeys(secret).map(String).join()],
  ])("does not leak through %s", (_way, print) => {
    expect(print(make())).not.toContain(CANARY);
    expect(print(make())).not.toContain(Buffer.from(CANARY).toString("hex").slice(0, 8));
  });

  test("lends its bytes, and is gone after wiping", () => {
    const bytes = Buffer.from(CANARY);
    const secret = Secret.fromBuffer(bytes);
    expect(secret.use((lent) => lent.toString())).toBe(CANARY);
    secret.wipe();
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(() => secret.use((lent) => lent.length)).toThrow("wiped");
  });
});

describe("a secret file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tapedeck-secret-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const put = (content: string, mode: number) => {
    const file = join(folder, "key");
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  };

  test("is read without surrounding white space and without a warning when it is private", () => {
    const read = readSecretFile(put(`\n ${CANARY} \r\n`, 0o600));
    expect(read.secret.use((bytes) => bytes.toString())).toBe(CANARY);
    expect(read.warning).toBeUndefined();
  });

  test("that others can read is read with a warning that names the remedy", () => {
    expect(readSecretFile(put(CANARY, 0o644)).warning).toContain("chmod 600");
  });

  test.each([
    ["empty", () => put(" \n", 0o600)],
    ["missing", () => join(folder, "nothing")],
    ["a folder", () => folder],
    ["too long", () => put("x".repeat(5000), 0o600)],
  ])("that is %s is refused with SECRET_UNREADABLE", (_what, file) => {
    expect(() => readSecretFile(file())).toThrow(expect.objectContaining({ code: "SECRET_UNREADABLE", exitCode: 3 }));
  });
});
