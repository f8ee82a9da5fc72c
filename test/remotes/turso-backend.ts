import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { HranaRequest, HranaResult, HranaStatement, PipelineAnswer, PipelineBackend } from "./hrana.ts";
import { StoredTexts } from "./hrana.ts";

/** What `tursodb --sync-server` knows of the protocol; the rest is answered here. */
type Forwarded = Extract<HranaRequest, { readonly type: "execute" | "batch" }>;

/**
 * The real Turso engine behind the protocol our client speaks: its server takes `execute` and `batch` alone, one request
 * at a time, and no stored texts.
 *
 * @param binary the `tursodb` program, see `tools/ensure-turso.ts`
 */
export async function createTursoBackend(binary: string, file: string): Promise<PipelineBackend> {
  const address = `127.0.0.1:${String(await freePort())}`;
  const child = spawn(binary, [file, "--sync-server", address], { stdio: "ignore" });
  const ended = once(child, "exit");
  await untilAnswers(`http://${address}`, child);
  let turn: Promise<unknown> = Promise.resolve();

  async function forward(requests: readonly Forwarded[]): Promise<readonly HranaResult[]> {
    const answer = await fetch(`http://${address}/v2/pipeline`, {
      method: "POST",
      body: JSON.stringify({ baton: null, requests }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`tursodb answered ${String(answer.status)}: ${text.slice(0, 500)}`);
    return (JSON.parse(text) as PipelineAnswer).results;
  }

  async function answer(requests: readonly HranaRequest[]): Promise<PipelineAnswer> {
    const texts = new StoredTexts();
    const results: HranaResult[] = [];
    for (const request of requests) {
      if (request.type === "store_sql") texts.store(request.sql_id, request.sql);
      if (request.type === "execute" || request.type === "batch") {
        results.push(...(await forward([withTexts(request, texts)])));
      } else {
        const own = request.type === "get_autocommit" ? { is_autocommit: true } : {};
        results.push({ type: "ok", response: { type: request.type, ...own } });
      }
    }
    return { baton: null, base_url: null, results };
  }

  return {
    answer({ requests }) {
      const next = turn.then(() => answer(requests));
      turn = next.catch(() => undefined);
      return next;
    },
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function withTexts(request: Forwarded, texts: StoredTexts): Forwarded {
  const spelled = ({ sql_id: _id, ...statement }: HranaStatement, original: HranaStatement): HranaStatement => ({
    ...statement,
    sql: texts.textOf(original),
  });
  if (request.type === "execute") return { type: "execute", stmt: spelled(request.stmt, request.stmt) };
  const steps = request.batch.steps.map((step) => ({ ...step, stmt: spelled(step.stmt, step.stmt) }));
  return { type: "batch", batch: { steps } };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function untilAnswers(url: string, child: ReturnType<typeof spawn>): Promise<void> {
  const giveUpAt = performance.now() + 15_000;
  for (;;) {
    try {
      await fetch(`${url}/v2/pipeline`, { method: "POST", body: JSON.stringify({ baton: null, requests: [] }) });
      return;
    } catch (cause) {
      if (child.exitCode !== null || performance.now() > giveUpAt) throw new Error("tursodb does not start", { cause });
      // A poll: the program does not say when it listens.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
