import type { CellStyle } from "../canvas/style.ts";

/** What a colour says. Panels name roles, never colours. */
export interface Theme {
  readonly text: CellStyle;
  readonly muted: CellStyle;
  readonly strong: CellStyle;
  readonly accent: CellStyle;
  readonly up: CellStyle;
  readonly down: CellStyle;
  readonly warning: CellStyle;
  readonly danger: CellStyle;
  readonly unknown: CellStyle;
  readonly cursorBackground: number;
  readonly bidBar: number;
  readonly askBar: number;
  readonly modalBackground: string;
  readonly border: string;
  readonly focusedBorder: string;
  readonly modes: Readonly<Record<"live" | "paper" | "demo" | "replay", CellStyle>>;
}

export const DARK: Theme = {
  text: { color: 0xd0d7de },
  muted: { color: 0x7d8590 },
  strong: { color: 0xf0f6fc, bold: true },
  accent: { color: 0x58a6ff },
  up: { color: 0x3fb970 },
  down: { color: 0xf0605a },
  warning: { color: 0xe3b341 },
  danger: { color: 0xff7b72, bold: true },
  unknown: { color: 0xe3b341, bold: true },
  cursorBackground: 0x263343,
  bidBar: 0x12301f,
  askBar: 0x3a1a1b,
  modalBackground: "#1c2430",
  border: "#3d4654",
  focusedBorder: "#58a6ff",
  modes: {
    live: { color: 0xffffff, background: 0xb62324, bold: true },
    paper: { color: 0x0d1117, background: 0x58a6ff, bold: true },
    demo: { color: 0x0d1117, background: 0xe3b341, bold: true },
    replay: { color: 0x0d1117, background: 0xa371f7, bold: true },
  },
};

/** Blue and orange instead of green and red: told apart by every kind of colour vision. */
export const COLOR_BLIND_SAFE: Theme = {
  ...DARK,
  up: { color: 0x56b4e9 },
  down: { color: 0xe69f00 },
  bidBar: 0x10293a,
  askBar: 0x382a0a,
};
