import { describe, expect, it } from "vitest";
import type { Guarding } from "../../../src/app/guarding.ts";
import { run } from "../../../src/commands/run.ts";
import { exchangeTime } from "../../../src/core/domain/exchange-time.ts";
import type { LeaseRecord } from "../../../src/core/domain/guard-lease.ts";
import { NO_NOTES } from "../../../src/core/domain/backup/backup-notes.ts";
import { AppError, EXIT_CODES } from "../../../src/core/domain/errors.ts";
import { clientOrderId } from "../../../src/core/domain/identifiers.ts";
import type { OrderState } from "../../../src/core/domain/order.ts";
import { price, quantity } from "../../../src/core/domain/money.ts";
import type { Protection } from "../../../src/core/domain/protection.ts";
import { BTCUSDT, NOW, orderSample, protectionSample } from "../../core/domain/samples.ts";
import { createFakeApp } from "../fake-app.ts";
import { createFakeGuarding } from "../fake-guarding.ts";
import { createFakeIo } from "../fake-io.ts";
import { runLine, servicesWith } from "../run-line.ts";

const LEASE: LeaseRecord = {
  ...{ holder: "run-1", pid: 4711, host: "here", token: 3, acquiredAt: NOW - 60_000, heartbeatAt: NOW - 800 },
  released: false,
  markets: {
    [BTCUSDT.symbol]: { state: "watching", seenUntil: exchangeTime(NOW + 12 - 300), lastPrice: price("65000") },
  },
};

function asking(): Protection {
  const protection = protectionSample();
  const question = { since: NOW - 60_000, worstPrice: price("59000"), seenPrice: price("59500"), at: NOW };
  return { ...protection, legs: protection.legs.map((leg) => ({ ...leg, state: "asking", question })) };
}

function appWith(facts: Parameters<typeof createFakeGuarding>[0], over: Partial<Guarding> = {}) {
  const fake = createFakeGuarding(facts);
  return { ...fake, app: createFakeApp({ guarding: { ...fake.guarding, ...over }, now: () => NOW }).app };
}

describe("guard status", () => {
  it("is 0 when all that is armed is guarded, and says by whom", async () => {
    const { app } = appWith({ lease: LEASE, isAlive: true, protections: [protectionSample()] });
    const { code, objects } = await runLine(["guard", "status"], app);
    expect(code).toBe(0);
    expect(objects()).toMatchObject([
      {
        schema: "tapedeck.guard-status/1",
        mode: "demo",
        guardian: { alive: true, pid: 4711, token: 3, heartbeatAgeMs: 800 },
        tradingState: "active",
        markets: [{ symbol: "BTCUSDT", state: "watching", ageMs: 300, lastPrice: "65000" }],
        protections: [{ protectionId: "p1", legs: [{ legId: "sl", kind: "stop-loss", triggerPrice: "60000" }] }],
        concerns: [],
      },
    ]);
  });

  it("is 9 when a backup was missed, though all that is armed is guarded", async () => {
    const fake = createFakeGuarding({ lease: LEASE, isAlive: true, protections: [protectionSample()] });
    const concerns = ["A backup was missed: the last one is 31 h old."];
    const schedule = { everyMs: 86_400_000, drillEveryMs: undefined };
    const standing = { isBackupDue: true, isDrillDue: false, missedSince: NOW, concerns };
    const backupStatus = () => ({ ...standing, schedule, notes: NO_NOTES });
    const { app } = createFakeApp({ guarding: fake.guarding, now: () => NOW, backupStatus });
    const { code, objects, errors } = await runLine(["guard", "status", "--json"], app);
    expect(code).toBe(9);
    expect(objects()).toMatchObject([{ concerns: [{ kind: "backup", next: "tapedeck backup schedule" }] }]);
    expect(errors()).toMatchObject([{ error: { code: "GUARD_NEEDS_YOU", message: concerns[0] } }]);
  });

  it.each<[OrderState, number, number, string]>([
    ["unknown", 0, 9, "exit-unproven"],
    ["submitted", 1_999, 0, ""],
    ["submitted", 2_000, 9, "exit-unproven"],
    ["submitted", -3_600_000, 9, "exit-unproven"],
    ["rejected", 0, 9, "exit-refused"],
    ["denied", 0, 9, "exit-refused"],
    ["cancelled", 0, 0, ""],
  ])("looks at an exit that is %s and %i ms old, and ends with %i", async (state, ageMs, code, kind) => {
    const id = clientOrderId("x-1");
    const exit = orderSample({ clientOrderId: id, side: "sell", state, createdAt: NOW - ageMs });
    const attempt = { exitOrderId: id, quantity: quantity("0.002"), observedPrice: price("59990"), at: NOW };
    const armed = protectionSample();
    const legs = armed.legs.map((leg) => ({ ...leg, state: "exiting" as const, attempts: [attempt] }));
    const facts = { lease: LEASE, isAlive: true, protections: [{ ...armed, legs }] };
    const { guarding } = createFakeGuarding(facts, [exit]);
    const ran = await runLine(["guard", "status", "--json"], createFakeApp({ guarding, now: () => NOW }).app);
    expect(ran.code).toBe(code);
    const concern = { kind, next: "tapedeck order show x-1", protectionId: "p1", legId: "sl" };
    expect(ran.objects()).toMatchObject([{ concerns: kind === "" ? [] : [concern] }]);
  });

  it("is 0 while another machine that is heard of guards", async () => {
    const elsewhere = { deviceId: "d2", host: "laptop", seenAt: NOW - 5_000, isLetGo: false };
    const { app } = appWith({ elsewhere, protections: [protectionSample()] });
    const { code, out } = await runLine(["guard", "status"], app, { tty: true });
    expect([code, out]).toEqual([0, expect.stringContaining("the machine laptop, last heard of 5 s ago")]);
  });

  it("is 0 with nobody and nothing", async () => {
    const { code, out } = await runLine(["guard", "status"], appWith({}).app, { tty: true });
    expect([code, out]).toEqual([0, expect.stringContaining("nobody")]);
  });

  it.each([
    ["nobody guards what is armed", { protections: [protectionSample()] }, "nobody-guards", "tapedeck guard run"],
    [
      "the machine that guards is silent",
      {
        elsewhere: { deviceId: "d2", host: "laptop", seenAt: NOW - 61_000, isLetGo: false },
        protections: [protectionSample()],
      },
      "other-machine-silent",
      "tapedeck guard take-over",
    ],
    ["the holder is gone", { lease: LEASE, protections: [protectionSample()] }, "nobody-guards", "tapedeck guard run"],
    [
      "a stop asks",
      { lease: LEASE, isAlive: true, protections: [asking()] },
      "question",
      "tapedeck guard answer p1 sl sell-now|re-arm|ignore",
    ],
    [
      "a market is not watched",
      { lease: { ...LEASE, markets: {} }, isAlive: true, protections: [protectionSample()] },
      "not-watched",
      "tapedeck doctor",
    ],
    [
      "trading is halted",
      {
        lease: LEASE,
        isAlive: true,
        protections: [protectionSample()],
        tradingState: { kind: "halted", reason: "panic" } as const,
      },
      "halted",
      "tapedeck trading resume REASON",
    ],
  ])("is 9 when %s, and names the command to try", async (_when, facts, kind, next) => {
    const { code, objects, errors } = await runLine(["guard", "status", "--json"], appWith(facts).app);
    expect(code).toBe(9);
    expect(objects()).toMatchObject([{ concerns: [{ kind, next }] }]);
    expect(errors()).toMatchObject([{ error: { code: "GUARD_NEEDS_YOU", hint: `Try \`${next}\`.` } }]);
  });

  it("shows people markets, legs and their states", async () => {
    const { app } = appWith({ lease: LEASE, isAlive: true, protections: [asking()] });
    const { out } = await runLine(["guard", "status"], app, { tty: true });
    expect(out).toContain("process 4711 on here, heartbeat 0.8 s ago");
    expect(out).toMatch(/BTCUSDT +watching +65000 +0\.3 s/);
    expect(out).toMatch(/p1 +BTCUSDT +sl +stop at 60000 +60000 +asking/);
    expect(out).toMatch(/p1 +BTCUSDT +0\.002/);
    expect(out).toContain("sl of BTCUSDT asks: crossed while nobody watched, since 2023-11-14T22:12:20.000Z.");
    expect(out).toContain("level 60000, worst price meanwhile 59000, price when it asked 59500");
    expect(out).toContain("answer with `tapedeck guard answer p1 sl sell-now|re-arm|ignore`");
  });

  it("tells scripts the current level of a trailing stop, and all that a question is decided by", async () => {
    const trail: Protection["legs"][number] = {
      ...{ legId: "trail", state: "live", attempts: [], highest: price("66000") },
      rule: { kind: "trailing-stop", distance: { kind: "price", price: price("500") } },
    };
    const trailing = protectionSample({ protectionId: "p2", legs: [trail] });
    const { app } = appWith({ lease: LEASE, isAlive: true, protections: [asking(), trailing] });
    const { objects } = await runLine(["guard", "status", "--json"], app);
    expect(objects()).toMatchObject([
      {
        protections: [
          {
            covered: { quantity: "0.002", sold: "0", left: "0.002" },
            legs: [
              {
                level: "60000",
                question: {
                  ...{ level: "60000", worstPrice: "59000", seenPrice: "59500", since: "2023-11-14T22:12:20.000Z" },
                  ...{ answers: ["sell-now", "re-arm", "ignore"], next: expect.stringContaining("guard answer p1 sl") },
                },
              },
            ],
          },
          { legs: [{ legId: "trail", level: "65500", highest: "66000" }] },
        ],
      },
    ]);
  });
});

describe("guard answer", () => {
  it("takes the answer, with the leg or without", async () => {
    const { app, answers } = appWith({ lease: LEASE, isAlive: true, protections: [asking()] });
    expect((await runLine(["guard", "answer", "p1", "sell-now"], app)).code).toBe(0);
    const { code, objects } = await runLine(["guard", "answer", "p1", "sl", "re-arm"], app);
    expect(code).toBe(0);
    expect(answers).toEqual([
      ["p1", undefined, "sell-now"],
      ["p1", "sl", "re-arm"],
    ]);
    expect(objects()).toMatchObject([{ schema: "tapedeck.guard-answer/1", answer: "re-arm", guarded: true }]);
  });

  it("warns when nobody is there to act on it", async () => {
    const { app } = appWith({ protections: [asking()] });
    const { code, errors } = await runLine(["guard", "answer", "p1", "ignore"], app);
    expect(code).toBe(0);
    expect(errors()).toMatchObject([
      { schema: "tapedeck.warning/1", message: expect.stringContaining("Nobody guards") },
    ]);
  });

  it.each([[["maybe"]], [["sl"]], [["sl", "tp1", "ignore"]]])("does not take %j for an answer", async (words) => {
    const { app, answers } = appWith({ protections: [asking()] });
    const { code } = await runLine(["guard", "answer", "p1", ...words], app);
    expect([code, answers]).toEqual([2, []]);
  });

  it("says that nothing was sold when nothing asks", async () => {
    const answer = () => {
      throw new AppError({ code: "QUESTION_NOT_FOUND", message: "It asks nothing.", exitCode: EXIT_CODES.usage });
    };
    const { code, errors } = await runLine(["guard", "answer", "p1", "ignore"], appWith({}, { answer }).app);
    expect(code).toBe(2);
    expect(errors()).toMatchObject([{ error: { code: "QUESTION_NOT_FOUND" } }]);
  });
});

describe("guard run", () => {
  it("says first that it is ready, then what happens, and lets go at SIGTERM", async () => {
    const { app, tell } = appWith({ lease: LEASE, isAlive: true });
    const started = Promise.withResolvers<undefined>();
    const early = { kind: "lease-held", text: "This process guards.", needsPerson: false } as const;
    const startSession = () => {
      tell(early);
      started.resolve(undefined);
      return Promise.resolve();
    };
    const fake = createFakeIo();
    const running = run(["guard", "run"], fake.io, servicesWith({ ...app, startSession }));
    await started.promise;
    await expect.poll(() => fake.objects().length).toBe(2);
    tell({ kind: "question-asked", text: "It was crossed.", needsPerson: true, protectionId: "p1", legId: "sl" });
    expect(fake.objects()).toMatchObject([
      { schema: "tapedeck.guard/1", mode: "demo", pid: process.pid, lease: { held: true, token: 3, pid: 4711 } },
      { schema: "tapedeck.guard-event/1", event: "lease-held", message: "This process guards." },
      { event: "question-asked", needsPerson: true, protectionId: "p1", legId: "sl", message: "It was crossed." },
    ]);
    fake.interrupt("SIGTERM");
    expect(await running).toBe(0);
  });

  it("says what keeps it from guarding, and does not wait for a market that the exchange refuses", async () => {
    const markets = { [BTCUSDT.symbol]: { state: "refused" as const } };
    const { app } = appWith({ lease: { ...LEASE, markets }, isAlive: true, protections: [protectionSample()] });
    const fake = createFakeIo();
    const running = run(["guard", "run"], fake.io, servicesWith(app));
    await expect.poll(() => fake.objects().length).toBe(1);
    const waitsFor = expect.arrayContaining(["BTCUSDT is not watched at present."]) as string[];
    expect(fake.objects()).toMatchObject([{ schema: "tapedeck.guard/1", lease: { held: true }, waitsFor }]);
    fake.interrupt("SIGTERM");
    expect(await running).toBe(0);
  });

  it("rings and notifies where a person has to answer", async () => {
    const { app, tell } = appWith({ lease: LEASE, isAlive: true });
    const fake = createFakeIo({ tty: true });
    const running = run(["guard", "run"], fake.io, servicesWith(app));
    await expect.poll(fake.out).toContain("guards");
    tell({ kind: "question-asked", text: "It was crossed.", needsPerson: true });
    expect(fake.out()).toContain("It was crossed.");
    expect(fake.err()).toContain("\u0007\u001B]9;It was crossed.\u001B\\");
    fake.interrupt("SIGINT");
    expect(await running).toBe(130);
  });

  it("in the background, says which process it is and whether it holds the lease", async () => {
    const startBackgroundGuard = () =>
      Promise.resolve({ pid: 99, isHolder: false, holderPid: 4711, outputFile: "/x/guard.ndjson", waitsFor: [] });
    const { code, objects } = await runLine(["guard", "run", "--detach"], undefined, {
      services: { startBackgroundGuard },
    });
    expect(code).toBe(0);
    expect(objects()).toMatchObject([{ pid: 99, lease: { held: false, pid: 4711 }, output: "/x/guard.ndjson" }]);
  });

  it("in the background, is no success while it does not watch what is armed", async () => {
    const waitsFor = ["BTCUSDT is not watched at present."];
    const started = { pid: 99, isHolder: true, holderPid: 99, outputFile: "/x/guard.ndjson", waitsFor };
    const { code, objects, errors } = await runLine(["guard", "run", "--detach"], undefined, {
      services: { startBackgroundGuard: () => Promise.resolve(started) },
    });
    expect([code, objects()]).toMatchObject([9, [{ pid: 99, waitsFor }]]);
    expect(errors()).toMatchObject([
      { error: { code: "GUARD_NOT_WATCHING", message: expect.stringContaining("BTCUSDT is not watched") as string } },
    ]);
  });
});
