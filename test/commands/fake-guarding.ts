import type { Guarding, GuardNews } from "../../src/app/guarding.ts";
import type { GuardStatus } from "../../src/core/domain/guard-status.ts";
import { guardStatus } from "../../src/core/domain/guard-status.ts";
import type { Order } from "../../src/core/domain/order.ts";
import type { GapAnswer } from "../../src/core/domain/protection-events.ts";
import { ACTIVE } from "../../src/core/domain/trading-state.ts";
import { NOW, protectionSample } from "../core/domain/samples.ts";

/** Nobody guards and nothing is armed, unless told otherwise. */
export function createFakeGuarding(over: Partial<Omit<GuardStatus, "concerns">> = {}, orders: readonly Order[] = []) {
  const answers: [protectionId: string, legId: string | undefined, answer: GapAnswer][] = [];
  const listeners = new Set<(news: GuardNews) => void>();
  const facts = { lease: undefined, isAlive: false, protections: [], tradingState: ACTIVE, now: NOW, ...over };
  const guarding: Guarding = {
    status: () => guardStatus(facts, new Map(orders.map((order) => [order.clientOrderId, order]))),
    badge: () => ({ state: "unprotected", pid: undefined, heartbeatAgeMs: undefined, reasons: [] }),
    answer(protectionId, legId, answer) {
      answers.push([protectionId, legId, answer]);
      return facts.protections.find((one) => one.protectionId === protectionId) ?? protectionSample();
    },
    isHolder: facts.isAlive,
    startInBackground: undefined,
    successor: undefined,
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const tell = (news: GuardNews) => {
    for (const listener of listeners) listener(news);
  };
  return { guarding, answers, tell };
}
