import type { GapAnswer } from "../../core/domain/protection-events.ts";
import { describeLegRule } from "../../core/domain/protection-words.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { readWord } from "../parse/read-word.ts";
import { usageError } from "../usage-error.ts";
import { protectionJson } from "./guard-json.ts";

const ANSWERS: Readonly<Record<GapAnswer, string>> = {
  "sell-now": "it is sold by the process that guards, as if the leg had fired",
  "re-arm": "the leg is live again once the price is back on its safe side",
  ignore: "the leg has ended; nothing is sold for it",
};

export const guardAnswer = defineCommand({
  path: ["guard", "answer"],
  summary: "Answer for a stop that was crossed while nobody watched.",
  details: [
    "sell-now sells as if it had fired. re-arm makes it live again once the price is back on its safe side. ignore ends",
    "it. The process that guards acts on the answer within a second; without one, it waits for `tapedeck guard run`.",
    'JSON: {"schema":"tapedeck.guard-answer/1","mode":…,"answer":…,"guarded":…,"protection":{…}}.',
  ],
  examples: [
    { line: "tapedeck guard answer 0193a1b2-… sell-now", what: "sell what the leg stands for" },
    { line: "tapedeck guard answer 0193a1b2-… sl re-arm", what: "of several legs that ask, the one named sl" },
  ],
  arguments: [
    { name: "PROTECTION", what: "its id, as `guard status` shows it" },
    { name: "ANSWER...", what: "sell-now, re-arm or ignore; before it the leg, where several ask" },
  ],
  next: "tapedeck guard status",
  run: ({ args, print, withApp }) => {
    const protectionId = readWord(args[0], "protection");
    const { legId, answer } = readAnswer(args.slice(1));
    return withApp((app) => {
      const protection = app.guarding.answer(protectionId, legId, answer);
      const { isAlive, lease } = app.guarding.status();
      print.record({
        schema: "tapedeck.guard-answer/1",
        json: { answer, guarded: isAlive, protection: protectionJson(protection) },
        fields: [
          ["protection", protection.protectionId],
          ["market", protection.symbol],
          ["answer", `${answer}: ${ANSWERS[answer]}`],
          ["guardian", isAlive && lease !== undefined ? `process ${lease.pid}` : "nobody"],
        ],
        below: protection.legs.map((leg) => `${leg.legId}: ${describeLegRule(leg)}, ${leg.state}`),
        deed: { done: "the answer is recorded.", hint: "See `tapedeck guard status`." },
      });
      if (!isAlive) print.warn("Nobody guards, so nothing comes of it until `tapedeck guard run` does.");
      return Promise.resolve(EXIT_CODES.ok);
    });
  },
});

function readAnswer(words: readonly string[]): { readonly legId: string | undefined; readonly answer: GapAnswer } {
  const answer = words.at(-1) ?? "";
  if (!isAnswer(answer) || words.length > 2) {
    throw usageError(
      `"${words.join(" ")}" is no answer.`,
      "An answer is sell-now, re-arm or ignore, after the leg where several ask.",
    );
  }
  return { legId: words.length === 2 ? words[0] : undefined, answer };
}

function isAnswer(word: string): word is GapAnswer {
  return Object.hasOwn(ANSWERS, word);
}
