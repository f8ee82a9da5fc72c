import type { App } from "../../../app/app.ts";
import type { Message } from "./messages.ts";
import type { UiState } from "./ui-state.ts";

/** What each part of the controller works with. */
export interface ScreenHands {
  readonly app: App;
  /** Aborted when the screen ends. */
  readonly signal: AbortSignal;
  ui(): UiState;
  set(next: UiState): void;
  say(level: Message["level"], text: string): void;
}
