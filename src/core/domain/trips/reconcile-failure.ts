import type { TripRule } from "../trip-facts.ts";

/** When our view cannot be held against the exchange's, nobody knows what is at stake. */
export const reconcileFailure: TripRule = ({ reconcile }, { reconcileFailures: limit }) => {
  if (limit === undefined || reconcile.failures < limit) return undefined;
  const value = `${reconcile.failures} rounds`;
  return {
    name: "reconcile-failure",
    reason: `the account could not be reconciled ${reconcile.failures} times in a row`,
    evidence: [
      {
        what: "failed reconciles in a row",
        value,
        limit: `${limit} rounds`,
        ...(reconcile.since === undefined ? {} : { since: reconcile.since }),
      },
    ],
  };
};
