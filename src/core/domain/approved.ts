declare const approval: unique symbol;

/**
 * A value that passed the risk rules. The gateway takes nothing else, and only `risk.ts` makes one: the brand has no
 * other source, so there is no side door around risk.
 */
export type Approved<T> = T & { readonly [approval]: true };
