import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLookBoard } from "../../../src/adapters/system/look-board.ts";
import { createProofLog } from "../../../src/app/runtime/proof-log.ts";
import type { Order } from "../../../src/core/domain/order.ts";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import { ledgerFromRows } from "../../../src/core/domain/trading-ledger.ts";
import { ACTIVE } from "../../../src/core/domain/trading-state.ts";
import { NOW, orderSample } from "../../core/domain/samples.ts";

const ID = clientOrderId("td-1");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapedeck-looks-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const alive = new Set<number>();
const boardOf = (pid: number) =>
  createLookBoard({ folder: join(folder, "looks"), pid, isProcessAlive: (other) => alive.has(other) });

/** A process with one unknown order; what it schedules runs when told. */
function processOf(pid: number) {
  alive.add(pid);
  let order: Order = orderSample({ clientOrderId: ID, state: "unknown" });
  let now = NOW;
  const due: (() => void)[] = [];
  const log = createProofLog({
    ledger: () => ledgerFromRows([order], [], [], ACTIVE),
    now: () => now,
    board: boardOf(pid),
    schedule: (run) => {
      due.push(run);
      return () => due.splice(0);
    },
  });
  return {
    log,
    tell: () => {
      for (const run of due.splice(0)) run();
    },
    prove: () => {
      order = { ...order, state: "open" };
    },
    setNow: (at: number) => {
      now = at;
    },
    pending: () => due.length,
  };
}
const look = (askedAt: number, againAt: number | undefined) => ({ askedAt, isAnswered: true, againAt });

describe("the questions for an unknown order", () => {
  it("are known to other processes, with whose they are", () => {
    const console_ = processOf(101);
    const command = processOf(102);
    expect(command.log.of(ID)).toBeUndefined();
    console_.log.note(ID, look(NOW - 3_000, NOW + 7_000));
    console_.tell();
    expect(command.log.of(ID)).toEqual({ ...look(NOW - 3_000, NOW + 7_000), pid: 101 });
    expect(console_.log.own(ID)).toEqual({ ...look(NOW - 3_000, NOW + 7_000), pid: undefined });
  });

  it("are told with the newest answer of all, and the next that anyone has announced", () => {
    const console_ = processOf(101);
    const command = processOf(102);
    console_.log.note(ID, look(NOW - 9_000, NOW + 6_000));
    console_.tell();
    const found = { kind: "outcome-unknown", action: "investigate", subject: ID } as const;
    const difference = { ...found, outcome: "waiting", result: "asked" } as const;
    command.log.noteEvents([{ type: "difference-settled", difference }]);
    expect(command.log.of(ID)).toEqual({ ...look(NOW, NOW + 6_000), pid: 101 });
  });

  it("are nobody's once the process is dead, has left, or is long overdue", () => {
    const gone = processOf(101);
    const reader = processOf(102);
    gone.log.note(ID, look(NOW, NOW + 7_000));
    gone.tell();
    reader.setNow(NOW + 7_000 + 30_000);
    expect(reader.log.of(ID)).toMatchObject({ againAt: undefined });
    alive.delete(101);
    expect(reader.log.of(ID)).toBeUndefined();
    expect(readdirSync(join(folder, "looks"))).toEqual([]);
    const left = processOf(103);
    left.log.note(ID, look(NOW, NOW + 7_000));
    left.tell();
    left.log.close();
    expect(reader.log.of(ID)).toBeUndefined();
  });

  it("are no longer told once the order is proven, and a storm of them is one write", () => {
    const one = processOf(101);
    for (let round = 0; round < 50; round += 1) one.log.note(ID, look(NOW + round, NOW + 7_000));
    expect(one.pending()).toBe(1);
    one.tell();
    one.log.note(ID, look(NOW + 99, NOW + 7_000));
    one.prove();
    one.tell();
    expect(processOf(102).log.of(ID)).toBeUndefined();
  });

  it("survive a file that makes no sense", () => {
    const one = processOf(101);
    one.log.note(ID, look(NOW, undefined));
    one.tell();
    alive.add(104).add(105);
    writeFileSync(join(folder, "looks", "104.json"), "{");
    writeFileSync(join(folder, "looks", "105.json"), '{"td-1":{"askedAt":"now","isAnswered":true},"td-2":7}');
    expect(processOf(102).log.of(ID)).toMatchObject({ askedAt: NOW, pid: 101 });
  });
});
