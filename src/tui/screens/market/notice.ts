import type { AppState } from "../../../app/store/create-store.ts";
import type { Notice } from "../../../app/store/session-slice.ts";
import { textWidth } from "../../canvas/glyphs.ts";

/** What the session tells by itself is gone after this, unless it is to stay; an answer to a key stays until the next one, or escape. */
const NOTICE_LIFE_MS = 30_000;

export type ShownNotice = Pick<Notice, "at" | "level" | "text">;

/** What the trader has been answered, and what they have put away. */
export interface NoticesSeen {
  readonly message: ShownNotice | undefined;
  readonly dismissedNotice: number;
}

/** What the trader is to read now: the answer to their last key, or what the session told since. */
export function noticeNow(state: AppState, seen: NoticesSeen, now: number): ShownNotice | undefined {
  const told = state.session.notices.at(-1);
  const isOver =
    told === undefined || told.id <= seen.dismissedNotice || (told.stays !== true && now - told.at > NOTICE_LIFE_MS);
  if (isOver || (seen.message !== undefined && seen.message.at >= told.at)) return seen.message;
  return told;
}

/** Breaks a text between words, or within one that is wider than a line. What has no room ends in an ellipsis. */
export function wrapText(text: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((it) => pieces(it, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  return kept.map((it, index) => (index < most - 1 ? it : `${pieces(it, width - 1)[0] ?? ""}…`));
}

function pieces(word: string, width: number): readonly string[] {
  const found = [""];
  for (const character of word) {
    const longer = `${found.at(-1) ?? ""}${character}`;
    if (textWidth(longer) <= width) found[found.length - 1] = longer;
    else found.push(character);
  }
  return found;
}
