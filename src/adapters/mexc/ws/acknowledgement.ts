/** What the text of an answer to a subscription says. Its `code` is 0 even when everything was refused. */
export interface Acknowledgement {
  readonly refused: readonly string[];
  readonly reason: string;
}

const REFUSED = /Not Subscribed successfully! \[([^\]]*)\]\.?\s*(?:Reason[：:]\s*(.*))?$/s;

/** @returns undefined when the text is no refusal. */
export function parseRefusal(text: string): Acknowledgement | undefined {
  const match = REFUSED.exec(text);
  if (match === null) return undefined;
  const channels = (match[1] ?? "").split(",").map((channel) => channel.trim());
  return {
    refused: channels.filter((channel) => channel !== ""),
    reason: (match[2] ?? "").trim() || "no reason given",
  };
}
