import { safeText } from "../../core/domain/safe-text.ts";

const LONGEST = 200;

/** A bell, and a desktop notification where the terminal knows OSC 9; elsewhere the latter shows nothing. */
export function notification(text: string): string {
  return `\u0007\u001B]9;${safeText(text, LONGEST)}\u001B\\`;
}
