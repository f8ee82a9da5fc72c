const UNSAFE = /[\u0000-\u001f\u007f-\u009f]|\p{Cf}|\p{Co}|\p{Cs}|\p{Zl}|\p{Zp}/u;

/** Almost every name and text of the exchange: nothing to replace, nothing to compose. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Makes a text from outside harmless for a terminal, a log and a CSV: control, bidi and zero-width characters become
 * U+FFFD, and anything beyond `max` characters is cut with an ellipsis.
 */
export function safeText(text: string, max = 200): string {
  if (text.length <= max && PLAIN.test(text)) return text;
  let safe = "";
  let length = 0;
  for (const character of text.normalize("NFC")) {
    if (length === max) return `${safe}…`;
    safe += UNSAFE.test(character) ? "\uFFFD" : character;
    length += 1;
  }
  return safe;
}
