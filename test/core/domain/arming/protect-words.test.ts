import { describe, expect, it } from "vitest";
import { readProtectFlags } from "../../../../src/core/domain/arming/protect-words.ts";
import { price, quantity, ratio } from "../../../../src/core/domain/money.ts";

function read(flags: Readonly<Record<string, string | readonly string[] | true>>) {
  const of = (name: string) => flags[name];
  return readProtectFlags({
    text: (name) => (typeof of(name) === "string" ? (of(name) as string) : undefined),
    texts: (name) => (Array.isArray(of(name)) ? (of(name) as readonly string[]) : []),
    has: (name) => of(name) === true,
  });
}

describe("the words of a protection", () => {
  it("become levels, a trail and what is covered", () => {
    expect(
      read({
        ...{ stop: "60000", target: ["+3%:50%", "+6%"], trail: "1%", activate: "+2%", "break-even": "70000" },
        ...{ quantity: "0.01", exit: "limit:0.5%" },
      }),
    ).toEqual({
      exits: {
        stopLoss: { kind: "fixed", price: price("60000") },
        takeProfits: [
          { level: { kind: "relative", by: ratio("0.03") }, share: ratio("0.5") },
          { level: { kind: "relative", by: ratio("0.06") }, share: ratio("0.5") },
        ],
      },
      trail: {
        distance: { kind: "ratio", ratio: ratio("0.01") },
        activation: { kind: "relative", by: ratio("0.02") },
      },
      breakEven: { kind: "fixed", price: price("70000") },
      quantity: quantity("0.01"),
      exit: { kind: "limit", offset: ratio("0.005") },
    });
  });

  it.each([
    [{ stop: "+2%" }, "a stop lies below"],
    [{ trail: "100%" }, "--trail takes a distance"],
    [{ activate: "+1%" }, "none is given"],
    [{ "break-even": "-1%" }, "--break-even takes a price"],
    [{ quantity: "0" }, "a number above zero"],
    [{ all: true, quantity: "1" }, "--all covers everything"],
    [{ all: true, oco: "td-1" }, "--all covers everything"],
    [{ exit: "limit:20%" }, "below 20%"],
  ] as const)("%j is none of them", (flags, why) => {
    expect(read(flags)).toMatchObject({ problem: expect.stringContaining(why), hint: expect.any(String) });
  });
});
