import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ContestantName } from "./contestant.ts";
import type { ContestReply, ContestRequest, Round } from "./contest-process.ts";
import type { Answer } from "./contestant.ts";

/** What a contestant did in all its rounds. */
export interface ContestResult {
  readonly name: ContestantName;
  readonly rounds: readonly Round[];
  readonly answer: Answer;
  readonly rssBytes: number;
}

export interface ContestOptions {
  readonly warmUps: number;
  readonly rounds: number;
}

interface Runner {
  readonly name: ContestantName;
  ask(request: ContestRequest): Promise<ContestReply>;
  close(): void;
}

/**
 * Lets each contestant take in a recording in a process of its own, one after the other, round by round: whatever slows
 * the machine for a while slows all of them.
 */
export async function holdContest(
  file: string,
  names: readonly ContestantName[],
  options: ContestOptions,
): Promise<readonly ContestResult[]> {
  const runners = await Promise.all(names.map((name) => startRunner(name, file)));
  try {
    const rounds = new Map<ContestantName, Round[]>(names.map((name) => [name, []]));
    for (let count = 0; count < options.warmUps + options.rounds; count += 1)
      for (const runner of runners) {
        const reply = await runner.ask({ ask: "round" });
        if (reply.kind === "round" && count >= options.warmUps) rounds.get(runner.name)?.push(reply);
      }
    const results: ContestResult[] = [];
    for (const { name, ask } of runners) {
      const reply = await ask({ ask: "answer" });
      if (reply.kind !== "answer") throw new Error(`${name} gave no answer`);
      results.push({ name, rounds: rounds.get(name) ?? [], answer: reply.answer, rssBytes: reply.rssBytes });
    }
    return results;
  } finally {
    for (const runner of runners) runner.close();
  }
}

async function startRunner(name: ContestantName, file: string): Promise<Runner> {
  const child = fork(join(import.meta.dirname, "contest-process.ts"), [name, file], {
    execArgv: [],
    stdio: ["ignore", 2, 2, "ipc"],
  });
  await nextReply(child, name);
  return {
    name,
    ask(request) {
      child.send(request);
      return nextReply(child, name);
    },
    close: () => child.disconnect(),
  };
}

async function nextReply(child: ChildProcess, name: ContestantName): Promise<ContestReply> {
  const ended = new AbortController();
  const onExit = (code: number | null) => {
    ended.abort(new Error(`the process of ${name} ended (${code ?? "killed"})`));
  };
  child.once("exit", onExit);
  try {
    const [reply] = (await once(child, "message", { signal: ended.signal })) as [ContestReply];
    return reply;
  } catch (cause) {
    throw ended.signal.aborted ? ended.signal.reason : cause;
  } finally {
    child.off("exit", onExit);
  }
}
