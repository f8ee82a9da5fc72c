import { expect, it, onTestFinished } from "vitest";
import { AppError, EXIT_CODES } from "../../src/core/domain/errors.ts";
import { limitBuy } from "../core/domain/samples.ts";
import { openScriptedApp } from "./session-parts.ts";

const signal = new AbortController().signal;

it("says once why an order of unknown outcome cannot be looked up, where that does not pass by itself", async () => {
  const wrong = new AppError({
    code: "CLOCK_OFFSET_TOO_LARGE",
    message: "Asking for the order failed: this machine's clock is 3600.0 s behind the exchange's.",
    exitCode: EXIT_CODES.configuration,
  });
  const away = new AppError({ code: "EXCHANGE_UNAVAILABLE", message: "away", exitCode: EXIT_CODES.unavailable });
  const causes = [away, wrong, away, wrong];
  const { app, advance } = openScriptedApp({
    accountData: { findOrder: () => Promise.reject(causes.shift() ?? wrong) },
  });
  onTestFinished(() => app.close());
  await app.startSession(signal);
  const placed = await app.placeOrder(limitBuy(), signal);
  await advance(30_000);
  const notices = app.store.getState().session.notices.map(({ text }) => text);
  const id = placed.kind === "placed" ? placed.order.clientOrderId : "none";
  expect(notices.filter((text) => text.includes(id))).toEqual([
    `What became of order ${id} cannot be asked: ${wrong.message} It is asked again.`,
  ]);
});
