import type { Protection } from "../protection.ts";

/**
 * The armed protection that a new one was planned without and whose base it may cover a second time: both would sell it.
 * A bracket stands for the fills of its own entry, so only another one of that entry is in its way.
 * @param beside what the plan reckoned with. @param armed what is armed by now, in any market
 */
export function unreckonedBeside(
  planned: Protection,
  beside: readonly string[],
  armed: readonly Protection[],
): Protection | undefined {
  const others = armed.filter((one) => one.symbol === planned.symbol && one.protectionId !== planned.protectionId);
  const { coverage } = planned;
  if (coverage.kind !== "entry") return others.find(({ protectionId }) => !beside.includes(protectionId));
  return others.find((one) => one.coverage.kind === "entry" && one.coverage.clientOrderId === coverage.clientOrderId);
}
