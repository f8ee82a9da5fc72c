import type { App } from "../../../app/app.ts";
import type { AppState } from "../../../app/store/create-store.ts";
import type { ClientOrderId } from "../../../core/domain/identifiers.ts";
import type { Instrument } from "../../../core/domain/instrument.ts";
import { decimalsOf } from "../../../core/domain/money.ts";
import type { ProofLook } from "../../../core/domain/proof-look.ts";
import type { ExchangeHealth } from "../../../core/domain/exchange-health.ts";
import type { Theme } from "../../theme/theme.ts";
import type { MarketController } from "./controller.ts";
import type { Standing } from "./standing.ts";
import type { UiState } from "./ui-state.ts";
import type { Watchlist } from "./watchlist.ts";

/** What every panel of the Market screen draws from; read anew each frame. */
export interface MarketView {
  readonly state: AppState;
  readonly ui: UiState;
  readonly watchlist: Watchlist;
  readonly theme: Theme;
  readonly ascii: boolean;
  readonly now: number;
  readonly health: ExchangeHealth;
  readonly standing: Standing;
  /** When this console last asked for an unproven order, and when it will again. */
  readonly lookOf: (id: ClientOrderId) => ProofLook | undefined;
  /** Whether this console is the one that acts on protections. */
  readonly isGuarding: boolean;
}

export function readView(app: App, controller: MarketController, theme: Theme, ascii: boolean): MarketView {
  const { ui, watchlist } = controller;
  const standing = controller.standing();
  const { isHolder: isGuarding } = app.guarding;
  const [state, now, health] = [app.store.getState(), app.now(), app.health()];
  const lookOf = (id: ClientOrderId) => app.proofLook(id, "here");
  return { state, ui, watchlist, theme, ascii, now, health, standing, isGuarding, lookOf };
}

/** Decimals that a market's prices carry; two until its rules are known. */
export function priceDecimals(instrument: Instrument | undefined): number {
  return instrument === undefined ? 2 : decimalsOf(instrument.tickSize);
}
