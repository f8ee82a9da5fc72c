import type { CloseResult } from "../../../app/closing.ts";
import { formatMoney } from "../../../core/domain/money.ts";
import { executedQuantity } from "../../../core/domain/order-execution.ts";
import { symbolOf } from "../../../core/domain/order-grammar.ts";
import type { Denial } from "../../../core/domain/risk-request.ts";
import type { ActionName } from "../../input/keymap.ts";
import type { Deed, DeedStage, WantedDeed } from "./deed.ts";
import { withPlannedLevels } from "./deed.ts";
import type { Message } from "./messages.ts";
import { faultText, placedMessage } from "./messages.ts";
import type { ScreenHands } from "./screen-hands.ts";
import { closeLayer, openLayer } from "./ui-state.ts";

/** What keys do to a deed: look first, show it, and do it only for `y`. */
export interface DeedKeys {
  propose(wanted: WantedDeed): void;
  perform(action: ActionName): void;
}

export function createDeedKeys({ app, signal, ui, set, say }: ScreenHands): DeedKeys {
  function propose(wanted: WantedDeed): void {
    if (app.accountId === undefined) {
      say("error", "There is no account, so there is nothing to do this to.");
      return;
    }
    set({ ...openLayer(ui(), "deed"), deed: { wanted, stage: { kind: "looking" } }, message: undefined });
    look(wanted).then(
      (stage) => {
        show(wanted, stage);
      },
      (fault: unknown) => {
        show(wanted, { kind: "objected", why: faultText(fault) });
      },
    );
  }

  /** Unless the trader has gone back, or asked for something else meanwhile. */
  function show(wanted: WantedDeed, stage: DeedStage): void {
    if (ui().deed?.wanted === wanted) set({ ...ui(), deed: { wanted, stage } });
  }

  async function look(wanted: WantedDeed): Promise<DeedStage> {
    switch (wanted.kind) {
      case "protect": {
        const plan = await app.protections.plan(wanted.wanted, signal);
        if (plan.kind === "denied") return objection(plan.denials);
        return ready({ kind: "protect", wanted: withPlannedLevels(wanted.wanted, plan.protection), plan });
      }
      case "unprotect": {
        const symbol = symbolOf(wanted.of);
        const meant = app.protections.list().filter((one) => one.protectionId === wanted.of || one.symbol === symbol);
        if (meant.length === 0) return { kind: "objected", why: `Nothing is armed for ${wanted.of}.` };
        return ready({ kind: "unprotect", protections: meant });
      }
      case "close": {
        const result = await app.closing.plan(wanted.wanted, signal);
        return result.kind === "denied" ? objection(result.denials) : ready({ kind: "close", plan: result.plan });
      }
      case "adopt": {
        const order = app.store.getState().trading.orders.get(wanted.clientOrderId);
        if (order === undefined) return { kind: "objected", why: `There is no order ${wanted.clientOrderId} here.` };
        if (order.origin !== "foreign") return { kind: "objected", why: "It is in this console's care already." };
        return ready({ kind: "adopt", order });
      }
    }
  }

  function perform(action: ActionName): void {
    const { deed } = ui();
    if (action === "cancel-first" && deed?.wanted.kind === "close") {
      propose({ kind: "close", wanted: { ...deed.wanted.wanted, cancelsOrders: true } });
      return;
    }
    // Whoever is still reading must not lose it to a key that does nothing here.
    if (action !== "no" && action !== "yes") return;
    if (action === "yes" && deed?.stage.kind !== "ready") return;
    set({ ...closeLayer(ui()), deed: undefined });
    if (action !== "yes" || deed?.stage.kind !== "ready") return;
    carryOut(deed.stage.deed).then(
      ({ level, text }) => {
        say(level, text);
      },
      (fault: unknown) => {
        say("error", faultText(fault));
      },
    );
  }

  async function carryOut(deed: Deed): Promise<Message> {
    switch (deed.kind) {
      case "protect": {
        const result = await app.protections.arm(deed.wanted, signal);
        if (result.kind === "denied")
          return { level: "error", text: `Nothing was armed. ${denialWords(result.denials)}` };
        const { symbol, protectionId } = result.protection;
        if (!app.guarding.status().isAlive)
          return {
            level: "warning",
            text: `${symbol} is armed (${protectionId}), and nobody guards: nothing will sell.`,
          };
        return { level: "success", text: `${symbol} is protected (${protectionId}).` };
      }
      case "unprotect": {
        const results = deed.protections.map(({ protectionId }) =>
          app.protections.disarm(protectionId, "taken away by hand"),
        );
        const open = results.flatMap((result) => (result.kind === "disarmed" ? result.openExits : []));
        if (open.length === 0)
          return { level: "success", text: `${results.length} taken away; nothing of it sells any more.` };
        const ids = open.map(({ clientOrderId }) => clientOrderId).join(", ");
        return { level: "warning", text: `Taken away, but the exit ${ids} stands and may still sell. x cancels it.` };
      }
      case "close":
        say("info", "Closing …");
        return closedMessage(await app.closing.close(deed.plan, signal));
      case "adopt": {
        const { clientOrderId } = deed.order;
        const { kind } = app.adoptOrder(clientOrderId);
        if (kind === "adopted" || kind === "ours")
          return { level: "success", text: `${clientOrderId} is in this console's care.` };
        const why = kind === "ended" ? "it has ended" : "it is not known here";
        return { level: "error", text: `${clientOrderId} was not adopted: ${why}.` };
      }
    }
  }

  return { propose, perform };
}

function ready(deed: Deed): DeedStage {
  return { kind: "ready", deed };
}

function objection(denials: readonly Denial[]): DeedStage {
  return { kind: "objected", why: denialWords(denials) };
}

function denialWords(denials: readonly Denial[]): string {
  return denials.map(({ message, hint }) => `${message} ${hint}`).join(" ");
}

/** What a closing has proven, in words. */
export function closedMessage(result: CloseResult): Message {
  switch (result.kind) {
    case "denied": {
      const ids = result.cancelled.map(({ clientOrderId }) => clientOrderId).join(", ");
      const cancelled = ids === "" ? "" : ` ${ids} had been cancelled for it.`;
      return { level: "error", text: `Nothing was sold.${cancelled} ${denialWords(result.denials)}` };
    }
    case "cancel-unproven": {
      const ids = result.open.map(({ clientOrderId }) => clientOrderId).join(", ");
      return { level: "warning", text: `Nothing was sold: whether ${ids} are cancelled is not proven.` };
    }
    case "placed": {
      const { order, plan, standing } = result;
      if (order.state !== "filled") {
        const armed = standing.length === 0 ? "" : ` ${standing.length} protections stay armed.`;
        const { level, text } = placedMessage(order);
        return { level: level === "success" ? "info" : level, text: `${text}${armed}` };
      }
      const { base } = plan.instrument;
      const sold = `Order ${order.clientOrderId} is filled: ${formatMoney(executedQuantity(order))} ${base} sold.`;
      const left = standing.map(({ protection, why }) => `${protection.protectionId} (${why})`).join(", ");
      const stays = left === "" ? "" : ` Protections stay armed: ${left}.`;
      if (plan.isWhole && left === "") return { level: "success", text: sold };
      return { level: "warning", text: `${sold}${plan.isWhole ? "" : " A part of the position stays."}${stays}` };
    }
  }
}
