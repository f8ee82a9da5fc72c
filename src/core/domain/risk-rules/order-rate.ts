import { RATE_WINDOW_MS } from "../risk-account.ts";
import type { RiskRule } from "../risk-request.ts";
import { raisesExposure } from "../risk-request.ts";

/** A script gone wild is stopped; what ends or reduces a risk is never counted out. */
export const orderRate: RiskRule = (request) => {
  const { limits, account, now } = request;
  if (limits.ordersPerMinute === undefined || !raisesExposure(request)) return undefined;
  const lately = account.intendedAt.filter((at) => at > now - RATE_WINDOW_MS && at <= now);
  if (lately.length < limits.ordersPerMinute) return undefined;
  // The one whose leaving the window makes room.
  const makesRoom = [...lately].sort((left, right) => left - right)[lately.length - limits.ordersPerMinute] ?? now;
  const waitMs = makesRoom + RATE_WINDOW_MS - now;
  return {
    code: "ORDER_RATE_TOO_HIGH",
    message: `${lately.length} orders were placed within the last minute, and your limit is ${limits.ordersPerMinute}.`,
    hint: `Wait ${Math.ceil(waitMs / 1_000)} s, or raise limits.orders_per_minute in the profile.`,
  };
};
