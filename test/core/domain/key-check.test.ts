import { describe, expect, it } from "vitest";
import { marketSymbol } from "../../../src/core/domain/identifiers.ts";
import type { KeyEvidence, KeyFacts } from "../../../src/core/domain/key-check.ts";
import { judgeKey } from "../../../src/core/domain/key-check.ts";

const SOUND: KeyFacts = {
  status: "valid",
  permissions: ["SPOT_ACCOUNT_READ", "SPOT_ACCOUNT_WRITE", "SPOT_DEAL_READ", "SPOT_DEAL_WRITE"],
  ipList: ["203.0.113.7"],
  daysLeft: "permanent",
};
const ALL = { open: 2, allowed: [marketSymbol("BTCUSDT"), marketSymbol("ETHUSDT")] };
const codes = (over: Partial<KeyFacts>, rest: Partial<KeyEvidence> = {}) =>
  judgeKey({ facts: { ...SOUND, ...over }, rights: { canTrade: true, canWithdraw: true }, markets: ALL, ...rest }).map(
    ({ level, code }) => `${level} ${code}`,
  );

describe("a key", () => {
  it.each<[string, Partial<KeyFacts>, readonly string[]]>([
    ["that may read and trade from one place is sound", {}, []],
    [
      "with longer names of its rights is, too",
      { permissions: ["SPOT_ACCOUNT_READ(R)", "SPOT_DEAL_READ(R)", "SPOT_DEAL_WRITE(W)"] },
      [],
    ],
    ["that may withdraw", { permissions: [...SOUND.permissions, "SPOT_WITHDRAW_WRITE"] }, ["warning KEY_MAY_WITHDRAW"]],
    ["that may only look at withdrawals is sound", { permissions: [...SOUND.permissions, "SPOT_WITHDRAW_READ"] }, []],
    ["that may transfer", { permissions: [...SOUND.permissions, "SPOT_TRANSFER_WRITE"] }, ["warning KEY_MAY_TRANSFER"]],
    ["that works from anywhere", { ipList: [], daysLeft: 60 }, ["warning KEY_NO_IP_LIST"]],
    ["with fifteen days left", { daysLeft: 15 }, []],
    ["with fourteen days left", { daysLeft: 14 }, ["warning KEY_EXPIRES_SOON"]],
    ["with a day left", { daysLeft: 1 }, ["warning KEY_EXPIRES_SOON"]],
    ["with none left", { daysLeft: 0 }, ["unusable KEY_EXPIRED"]],
    ["long over", { daysLeft: -3 }, ["unusable KEY_EXPIRED"]],
    ["of unknown end", { daysLeft: "unknown" }, []],
    ["frozen", { status: "frozen" }, ["unusable KEY_FROZEN"]],
    ["deleted", { status: "deleted" }, ["unusable KEY_DELETED"]],
    ["of a status nobody knows", { status: "unknown" }, ["warning KEY_STATUS_UNKNOWN"]],
    ["that may not trade", { permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_READ"] }, ["warning KEY_CANNOT_TRADE"]],
    [
      "that may not read orders",
      { permissions: ["SPOT_ACCOUNT_READ", "SPOT_DEAL_WRITE"] },
      ["warning KEY_CANNOT_READ_ORDERS"],
    ],
    [
      "that may not read the account",
      { permissions: ["SPOT_DEAL_READ", "SPOT_DEAL_WRITE"] },
      ["unusable KEY_CANNOT_READ"],
    ],
  ])("%s", (_name, over, found) => {
    expect(codes(over)).toEqual(found);
  });

  it("with a list of symbols is told how many it leaves", () => {
    const markets = { open: 2, allowed: ALL.allowed.slice(0, 1) };
    expect(codes({}, { markets })).toEqual(["warning KEY_SYMBOL_LIST"]);
    expect(codes({}, { markets: undefined })).toEqual([]);
  });

  it("of an account that may not trade, or that nothing is known of, is told", () => {
    expect(codes({}, { rights: { canTrade: false, canWithdraw: true } })).toEqual(["warning ACCOUNT_CANNOT_TRADE"]);
    expect(codes({}, { facts: undefined })).toEqual(["warning KEY_FACTS_NOT_READ", "warning KEY_MAY_WITHDRAW"]);
  });
});
