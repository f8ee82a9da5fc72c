import type { App } from "../../../app/app.ts";
import type { KeyBinding } from "../../input/keymap.ts";
import { KEY_BINDINGS } from "../../input/keymap.ts";
import { formatTime } from "../../format/figures.ts";
import type { UiState } from "./ui-state.ts";
import { topLayer } from "./ui-state.ts";

/** Every key there is, one a line; made from the key table, so that it cannot say anything the keys do not do. */
export function helpList(): readonly string[] {
  const of = (layer: KeyBinding["layer"]) => KEY_BINDINGS.filter((binding) => binding.layer === layer).map(helpLine);
  return [
    ...of("market"),
    "",
    "In the ticket",
    ...of("ticket"),
    "",
    "Where something is shown before it is done",
    ...of("deed"),
  ];
}

function helpLine({ chords, description }: KeyBinding): string {
  return `${chords.join(", ").padEnd(16)} ${description}`;
}

/** What needs a person, and below it all that the session told, the newest first. */
export function toldList(app: App): readonly string[] {
  const { needsPerson, notices } = app.store.getState().session;
  const concerns = app.accountId === undefined ? [] : app.guarding.status().concerns;
  const open = [
    ...needsPerson.map(({ symbol, subject, result }) => `NEEDS YOU  ${symbol ?? ""} ${subject}: ${result}`),
    ...concerns.map(({ what }) => `NEEDS YOU  ${what}`),
  ];
  const told = notices.toReversed().map(({ at, level, text }) => `${formatTime(at)}  ${LEVEL_WORDS[level]}${text}`);
  return [...open, ...told];
}

const LEVEL_WORDS = { info: "", success: "", warning: "MIND: ", error: "ERROR: " } as const;

/** The first line to show after a key: never beyond the last one. */
export function scrolledBy(ui: UiState, by: number, app: App): number {
  const lines = topLayer(ui) === "help" ? helpList() : toldList(app);
  return Math.max(0, Math.min(lines.length - 1, ui.scrolled + by));
}
