/** Everything that must hold in every world, with what it means. The report counts each as one test over all seeds. */
export const INVARIANTS = {
  "intent-before-send": "every order that leaves a process has its intent on disk",
  "sent-once": "no order leaves twice, whichever process sends it",
  "one-order-an-intent": "no client order id of ours names two orders of the exchange",
  "claims-are-true": "what a process says of an order is so at the exchange, and an order that never was never comes",
  "no-fill-invented": "every fill we hold was executed, at that price, in that quantity",
  "money-is-conserved": "the exchange's balances are its deposits and trades, to the last unit",
  "everything-is-known": "once troubles stop, orders, fills and balances agree with the exchange within eight minutes",
  "journal-tells-all": "the journal from its beginning makes the orders and fills that the tables hold",
  "one-guardian-acts": "no process sells for a protection while the lease names another",
  "one-exit-at-a-time": "no exit is sent while an earlier one of its protection may still sell, nor after its end",
  "exits-within-cover": "no protection sells more than it covers, its linked sale counted",
  "one-print-never-sells": "no leg fires on fewer prints beyond its level than it asks for",
  "no-silent-sale": "no stop that was crossed while nobody watched sells before a person was asked",
  "stops-fire": "a stop that a living guardian sees crossed sells within a minute, or says why not",
  "gaps-ask": "a stop that was crossed while nobody ran asks, and goes by the answer",
  "exposure-in-limits": "no purchase of ours leaves that would put more at stake than the limit, unknown ones counted",
  "halted-is-silent": "between a halt and its end no process has sent an order",
  "restart-changes-nothing": "a further restart leaves the same state",
  "nothing-left-behind": "a closed app leaves no timer and no stream",
  "no-bugs": "nothing throws but what is declared",
} as const satisfies Readonly<Record<string, string>>;

export type InvariantName = keyof typeof INVARIANTS;
