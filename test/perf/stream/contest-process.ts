import { createBareContestant } from "./bare-contestant.ts";
import { createCcxtContestant } from "./ccxt-contestant.ts";
import type { Answer, Contestant, ContestantName } from "./contestant.ts";
import type { Recording } from "./recording.ts";
import { readRecording } from "./recording.ts";
import { createTapedeckContestant } from "./tapedeck-contestant.ts";

/** What the bench asks of a contestant's process. */
export type ContestRequest = { readonly ask: "round" } | { readonly ask: "answer" };

/** One round over the whole recording. */
export interface Round {
  readonly wallNs: number;
  /** Time on the processors, the garbage collector's threads included. */
  readonly cpuNs: number;
}
export type ContestReply =
  | { readonly kind: "ready" }
  | ({ readonly kind: "round" } & Round)
  | { readonly kind: "answer"; readonly answer: Answer; readonly rssBytes: number };

function createContestant(name: ContestantName, recording: Recording): Contestant | Promise<Contestant> {
  switch (name) {
    case "tapedeck":
      return createTapedeckContestant(recording);
    case "ccxt":
      return createCcxtContestant(recording);
    case "bare":
      return createBareContestant(recording, false);
    case "bare-text":
      return createBareContestant(recording, true);
  }
}

function say(reply: ContestReply): void {
  process.send?.(reply);
}

const [name, file] = process.argv.slice(2);
if (name === undefined || file === undefined) throw new Error("usage: contest-process CONTESTANT RECORDING");
const contestant = await createContestant(name as ContestantName, readRecording(file));

process.on("message", (request: ContestRequest) => {
  void reply(request);
});
process.on("disconnect", () => process.exit(0));
say({ kind: "ready" });

async function reply({ ask }: ContestRequest): Promise<void> {
  if (ask === "answer") {
    say({ kind: "answer", answer: contestant.answer(), rssBytes: process.memoryUsage.rss() });
    return;
  }
  await contestant.prepare();
  const cpuBefore = process.cpuUsage();
  const begin = process.hrtime.bigint();
  contestant.run();
  const wallNs = Number(process.hrtime.bigint() - begin);
  const { user, system } = process.cpuUsage(cpuBefore);
  say({ kind: "round", wallNs, cpuNs: (user + system) * 1_000 });
}
