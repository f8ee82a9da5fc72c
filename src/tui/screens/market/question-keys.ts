import type { GapAnswer } from "../../../core/domain/protection-events.ts";
import { answersTo } from "../../../core/domain/protection-events.ts";
import type { ActionName } from "../../input/keymap.ts";
import type { OpenQuestion } from "./gap-questions.ts";
import { openQuestions } from "./gap-questions.ts";
import { faultText } from "./messages.ts";
import type { ScreenHands } from "./screen-hands.ts";
import { closeLayer, openLayer, topLayer } from "./ui-state.ts";

/** What keys do to the question about a stop that was crossed while nobody watched. */
export interface QuestionKeys {
  /** Shows a question that is new, once nothing else is being typed; rings once for each. */
  look(): void;
  /** Shows the oldest, because the trader asks for it. */
  open(): void;
  perform(action: ActionName): void;
}

/** @param ring calls a trader who looks elsewhere */
export function createQuestionKeys({ app, ui, set, say }: ScreenHands, ring: () => void): QuestionKeys {
  const rung = new Set<string>();
  const shown = new Set<string>();
  const questions = () => openQuestions(app.store.getState());

  function look(): void {
    const open = questions();
    const news = open.filter(({ key }) => !rung.has(key));
    for (const { key } of news) rung.add(key);
    if (news.length > 0) ring();
    if (topLayer(ui()) === "question" && !open.some(({ key }) => key === ui().asking?.key)) {
      set({ ...closeLayer(ui()), asking: undefined });
      say("info", "The question is no longer open: it was answered elsewhere, or its protection has ended.");
    }
    // Whoever is typing an order must not have their next key taken for an answer.
    const next = open.find(({ key }) => !shown.has(key));
    if (next !== undefined && topLayer(ui()) === "market") show(next);
  }

  function show({ key }: OpenQuestion): void {
    shown.add(key);
    set({ ...openLayer(ui(), "question"), asking: { key, chosen: undefined } });
  }

  function perform(action: ActionName): void {
    const { asking } = ui();
    const open = questions().find(({ key }) => key === asking?.key);
    if (asking === undefined || open === undefined || action === "close") {
      set({ ...closeLayer(ui()), asking: undefined });
      return;
    }
    const chosen = ANSWER_OF[action];
    if (chosen !== undefined) {
      if (answersTo(open.leg).includes(chosen)) set({ ...ui(), asking: { ...asking, chosen } });
      return;
    }
    if (action === "no") set({ ...ui(), asking: { ...asking, chosen: undefined } });
    if (action !== "yes" || asking.chosen === undefined) return;
    set({ ...closeLayer(ui()), asking: undefined });
    answer(open, asking.chosen);
  }

  function answer({ protection, leg }: OpenQuestion, chosen: GapAnswer): void {
    try {
      app.guarding.answer(protection.protectionId, leg.legId, chosen);
      const { isAlive, tradingState } = app.guarding.status();
      const { symbol } = protection;
      if (!isAlive) say("warning", `${symbol}: ${chosen} is recorded. Nobody guards, so nothing comes of it yet.`);
      else if (tradingState.kind === "halted" && chosen === "sell-now")
        say("warning", `${symbol}: sell-now is recorded. Trading is halted: it sells after \`:resume REASON\`.`);
      else say("success", `${symbol}: ${chosen}. ${OUTCOME_WORDS[chosen]}`);
    } catch (cause) {
      say("error", faultText(cause));
    }
  }

  return {
    look,
    open() {
      const [oldest] = questions();
      if (oldest === undefined) say("info", "No question waits for an answer.");
      else show(oldest);
    },
    perform,
  };
}

const ANSWER_OF: Partial<Record<ActionName, GapAnswer>> = {
  "sell-now": "sell-now",
  "re-arm": "re-arm",
  ignore: "ignore",
};

const OUTCOME_WORDS: Readonly<Record<GapAnswer, string>> = {
  "sell-now": "The process that guards sells it now.",
  "re-arm": "It is live again once the price is back on its safe side.",
  ignore: "That leg has ended; nothing is sold for it.",
};
