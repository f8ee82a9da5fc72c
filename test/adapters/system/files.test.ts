import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeFileAtomically } from "../../../src/adapters/system/atomic-write.ts";
import { createFileLogger } from "../../../src/adapters/system/file-logger.ts";
import { Secret } from "../../../src/adapters/system/secret.ts";
import { quantity } from "../../../src/core/domain/money.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-files-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("an atomic write", () => {
  test("makes its folder, replaces the file, mends a loose mode and leaves no draft behind", () => {
    const file = join(folder, "deep", "settings.toml");
    writeFileAtomically(file, "one");
    chmodSync(file, 0o644);
    writeFileAtomically(file, Buffer.from("two"));
    expect(readFileSync(file, "utf8")).toBe("two");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "deep"))).toEqual(["settings.toml"]);
  });

  test("replaces a link instead of writing through it", () => {
    const target = join(folder, "target");
    writeFileSync(target, "untouched");
    symlinkSync(target, join(folder, "link"));
    writeFileAtomically(join(folder, "link"), "new");
    expect(readFileSync(target, "utf8")).toBe("untouched");
  });

  test("that fails leaves everything as it was", () => {
    const file = join(folder, "busy");
    mkdirSync(join(file, "inside"), { recursive: true });
    expect(() => {
      writeFileAtomically(file, "text");
    }).toThrow();
    expect(readdirSync(folder)).toEqual(["busy"]);
  });
});

describe("the log", () => {
  const now = () => Date.UTC(2026, 0, 2, 12);
  const lines = (file: string) =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  test("is one private file of JSON lines", () => {
    const file = join(folder, "state", "tapedeck.log");
    const logger = createFileLogger({ file, now });
    logger.info("started", { quantity: quantity("0.5"), level: "posing" });
    logger.error("failed", { cause: Object.assign(new Error("gone\u001b[2J"), { code: "ECONNRESET" }) });
    const [first, second] = lines(file);
    expect(first).toMatchObject({
      time: "2026-01-02T12:00:00.000Z",
      level: "info",
      message: "started",
      quantity: "0.5",
    });
    expect(second).toMatchObject({ level: "error", cause: { code: "ECONNRESET", message: "gone\uFFFD[2J" } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("never shows a secret, in whatever way it got into a line", () => {
    const file = join(folder, "tapedeck.log");
    const canary = "cAnArY99";
    const logger = createFileLogger({ file, now });
    const url = `https://host/api/v3/order?symbol=X&timestamp=1&signature=${canary}`;
    logger.warn(`asked ${url}`, {
      apiKey: canary,
      nested: {
        list: [{ apiSecret: canary }, `{"apiKey":"${canary}"}`, JSON.stringify(JSON.stringify({ token: canary }))],
      },
      headers: { "X-MEXC-APIKEY": canary, Authorization: `Bearer ${canary}` },
      text: `Authorization: Bearer ${canary}; X-MEXC-APIKEY: ${canary}`,
      error: Object.assign(new Error(`refused ${url}`, { cause: new Error(`listenKey=${canary}`) }), {
        config: canary,
      }),
      secret: Secret.fromBuffer(Buffer.from(canary)),
      bytes: Buffer.from(canary),
      key: `mx0v${canary}`,
    });
    const text = readFileSync(file, "utf8");
    expect(text).not.toContain(canary);
    expect(text).not.toContain(Buffer.from(canary).toString("base64"));
    expect(text).toContain("symbol=X&timestamp=1&signature=[secret]");
  });

  test("is put aside when full, and the oldest goes", () => {
    const file = join(folder, "tapedeck.log");
    const logger = createFileLogger({ file, now, maxBytes: 200, keep: 2 });
    for (let at = 0; at < 12; at += 1) logger.info(`line ${at}`, { filler: "x".repeat(80) });
    expect(readdirSync(folder).toSorted()).toEqual(["tapedeck.log", "tapedeck.log.1", "tapedeck.log.2"]);
    expect(lines(file).at(-1)).toMatchObject({ message: "line 11" });
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
  });

  test("does not throw when it cannot be written, nor for a value that contains itself", () => {
    const round: Record<string, unknown> = {};
    round["self"] = round;
    createFileLogger({ file: join(folder, "round.log"), now }).info("round", round);
    expect(readFileSync(join(folder, "round.log"), "utf8")).toContain("[deeper]");
    writeFileSync(join(folder, "file"), "");
    createFileLogger({ file: join(folder, "file", "log"), now }).info("nowhere");
  });

  test("an old log that others could read is closed to them", () => {
    const file = join(folder, "tapedeck.log");
    writeFileSync(file, "", { mode: 0o644 });
    createFileLogger({ file, now });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
