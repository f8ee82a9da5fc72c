/** Where keys mean what they mean: the topmost open layer is asked first. */
export type LayerName =
  | "ticket"
  | "deed"
  | "question"
  | "command"
  | "help"
  | "told"
  | "cancel"
  | "panic"
  | "quit"
  | "guard-on"
  | "filter"
  | "market";

/** One line of the key table. Help, footer and docs are made from it. */
export interface KeyBinding {
  readonly layer: LayerName;
  readonly action: ActionName;
  readonly chords: readonly string[];
  readonly description: string;
  /** Shown in the footer, with this short word. */
  readonly footer?: string;
}

export type ActionName =
  | "buy"
  | "sell"
  | "cancel-order"
  | "protect"
  | "unprotect"
  | "close-position"
  | "cancel-first"
  | "adopt"
  | "told"
  | "panic"
  | "answer"
  | "next-row"
  | "previous-row"
  | "first-row"
  | "last-row"
  | "page-down"
  | "page-up"
  | "next-sort"
  | "reverse-sort"
  | "select"
  | "next-panel"
  | "previous-panel"
  | "next-interval"
  | "previous-interval"
  | "filter"
  | "command"
  | "help"
  | "quit"
  | "redraw"
  | "close"
  | "confirm"
  | "next-field"
  | "previous-field"
  | "price-up"
  | "price-down"
  | "sell-now"
  | "re-arm"
  | "ignore"
  | "yes"
  | "no";

export const KEY_BINDINGS: readonly KeyBinding[] = [
  {
    layer: "market",
    action: "buy",
    chords: ["b"],
    description: "Open a buy ticket for the selected market",
    footer: "buy",
  },
  {
    layer: "market",
    action: "sell",
    chords: ["s"],
    description: "Open a sell ticket for the selected market",
    footer: "sell",
  },
  {
    layer: "market",
    action: "cancel-order",
    chords: ["x"],
    description: "Cancel the selected open order",
    footer: "cancel",
  },
  {
    layer: "market",
    action: "panic",
    chords: ["!"],
    description: "Panic: halt trading, cancel every open order",
    footer: "panic",
  },
  {
    layer: "market",
    action: "protect",
    chords: ["p"],
    description: "Protect the selected position",
    footer: "protect",
  },
  { layer: "market", action: "unprotect", chords: ["u"], description: "Take its protections away" },
  { layer: "market", action: "close-position", chords: ["e"], description: "End the selected position: sell it" },
  { layer: "market", action: "adopt", chords: ["A"], description: "Adopt the selected foreign order" },
  { layer: "market", action: "told", chords: ["n"], description: "What was told, and what needs you" },
  { layer: "market", action: "answer", chords: ["a"], description: "Answer for a stop crossed while nobody watched" },
  { layer: "market", action: "next-row", chords: ["j", "down"], description: "Next row" },
  { layer: "market", action: "previous-row", chords: ["k", "up"], description: "Previous row" },
  { layer: "market", action: "first-row", chords: ["g", "home"], description: "First row" },
  { layer: "market", action: "last-row", chords: ["G", "end"], description: "Last row" },
  { layer: "market", action: "page-down", chords: ["ctrl-d", "pagedown"], description: "Half a screen down" },
  { layer: "market", action: "page-up", chords: ["ctrl-u", "pageup"], description: "Half a screen up" },
  {
    layer: "market",
    action: "next-sort",
    chords: ["o"],
    description: "Sort the markets as listed, by name, 24 h change or turnover",
    footer: "sort",
  },
  { layer: "market", action: "reverse-sort", chords: ["O"], description: "Sort the other way round" },
  { layer: "market", action: "select", chords: ["enter"], description: "Show the market under the cursor" },
  { layer: "market", action: "next-panel", chords: ["tab"], description: "Next panel", footer: "panel" },
  { layer: "market", action: "previous-panel", chords: ["shift-tab"], description: "Previous panel" },
  { layer: "market", action: "next-interval", chords: ["]"], description: "Longer candles" },
  { layer: "market", action: "previous-interval", chords: ["["], description: "Shorter candles" },
  { layer: "market", action: "filter", chords: ["/"], description: "Filter the watchlist", footer: "filter" },
  { layer: "market", action: "command", chords: [":"], description: "Type a command", footer: "command" },
  { layer: "market", action: "help", chords: ["?", "f1"], description: "Show every key", footer: "help" },
  { layer: "market", action: "redraw", chords: ["ctrl-l"], description: "Draw the screen again" },
  { layer: "market", action: "close", chords: ["escape"], description: "Back one step: clears a filter, never quits" },
  {
    layer: "market",
    action: "quit",
    chords: ["q", "ctrl-c"],
    description: "Leave, after a look at what stays open",
    footer: "quit",
  },
  {
    layer: "ticket",
    action: "confirm",
    chords: ["enter"],
    description: "First: show the cost. Again: send",
    footer: "confirm, then send",
  },
  { layer: "ticket", action: "next-field", chords: ["tab", "down"], description: "Next field", footer: "field" },
  { layer: "ticket", action: "previous-field", chords: ["shift-tab", "up"], description: "Previous field" },
  { layer: "ticket", action: "price-up", chords: ["ctrl-up", "pageup"], description: "Price one tick up" },
  { layer: "ticket", action: "price-down", chords: ["ctrl-down", "pagedown"], description: "Price one tick down" },
  {
    layer: "ticket",
    action: "close",
    chords: ["escape", "ctrl-c"],
    description: "Back without sending",
    footer: "back",
  },
  { layer: "deed", action: "yes", chords: ["y"], description: "Do what is shown", footer: "do it" },
  {
    layer: "deed",
    action: "cancel-first",
    chords: ["c"],
    description: "Of a close: cancel our resting orders of the market first",
  },
  {
    layer: "deed",
    action: "no",
    chords: ["enter", "escape", "n", "ctrl-c", "q"],
    description: "Back without doing anything",
    footer: "back",
  },
  { layer: "cancel", action: "yes", chords: ["y"], description: "Cancel the order", footer: "yes" },
  {
    layer: "cancel",
    action: "no",
    chords: ["n", "enter", "escape", "ctrl-c", "q"],
    description: "Keep the order",
    footer: "no",
  },
  { layer: "panic", action: "yes", chords: ["!", "y"], description: "Halt and cancel everything", footer: "halt" },
  {
    layer: "panic",
    action: "no",
    chords: ["escape", "n", "enter", "ctrl-c", "q"],
    description: "Back without doing anything",
    footer: "back",
  },
  { layer: "question", action: "sell-now", chords: ["s"], description: "Choose to sell now", footer: "sell" },
  { layer: "question", action: "re-arm", chords: ["r"], description: "Choose to arm it again", footer: "re-arm" },
  { layer: "question", action: "ignore", chords: ["i"], description: "Choose to end that leg", footer: "ignore" },
  { layer: "question", action: "yes", chords: ["y"], description: "Do what was chosen", footer: "do it" },
  { layer: "question", action: "no", chords: ["n"], description: "Take the choice back" },
  {
    layer: "question",
    action: "close",
    chords: ["escape", "ctrl-c", "q"],
    description: "Leave it open",
    footer: "later",
  },
  {
    layer: "quit",
    action: "yes",
    chords: ["y"],
    description: "Leave; the orders stay on the exchange",
    footer: "leave",
  },
  { layer: "quit", action: "no", chords: ["n", "enter", "escape"], description: "Stay", footer: "stay" },
  {
    layer: "guard-on",
    action: "yes",
    chords: ["y"],
    description: "Go on guarding in the background, and leave",
    footer: "guard on",
  },
  { layer: "guard-on", action: "no", chords: ["n"], description: "Leave; nobody guards then", footer: "leave" },
  { layer: "guard-on", action: "close", chords: ["enter", "escape"], description: "Stay", footer: "stay" },
  { layer: "filter", action: "confirm", chords: ["enter"], description: "Keep the filter", footer: "keep" },
  { layer: "filter", action: "close", chords: ["escape", "ctrl-c"], description: "Clear the filter", footer: "clear" },
  { layer: "command", action: "confirm", chords: ["enter"], description: "Run the command", footer: "run" },
  {
    layer: "command",
    action: "close",
    chords: ["escape", "ctrl-c"],
    description: "Back without running it",
    footer: "back",
  },
  { layer: "told", action: "next-row", chords: ["j", "down"], description: "Further down", footer: "down" },
  { layer: "told", action: "previous-row", chords: ["k", "up"], description: "Further up", footer: "up" },
  {
    layer: "told",
    action: "close",
    chords: ["escape", "n", "q", "enter", "ctrl-c"],
    description: "Close the list",
    footer: "close",
  },
  { layer: "help", action: "next-row", chords: ["j", "down"], description: "Further down", footer: "down" },
  { layer: "help", action: "previous-row", chords: ["k", "up"], description: "Further up", footer: "up" },
  {
    layer: "help",
    action: "close",
    chords: ["escape", "?", "q", "enter", "ctrl-c"],
    description: "Close the help",
    footer: "close",
  },
];

/** Looks a chord up in one layer. */
export function actionFor(bindings: readonly KeyBinding[], layer: LayerName, chord: string): ActionName | undefined {
  return bindings.find((binding) => binding.layer === layer && binding.chords.includes(chord))?.action;
}

/** The keys worth a word in the footer, in the table's order. */
export function footerOf(
  bindings: readonly KeyBinding[],
  layer: LayerName,
): readonly { chord: string; word: string }[] {
  return bindings.flatMap(({ layer: of, chords, footer }) => {
    const [chord] = chords;
    return of === layer && footer !== undefined && chord !== undefined ? [{ chord, word: footer }] : [];
  });
}
