import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { z } from "zod";

const addressSchema = z.object({
  restUrl: z.string(),
  wsUrl: z.string(),
  apiKey: z.string(),
  apiSecret: z.string(),
});

/** The simulated exchange beside the test, so that its history does not count as memory of the console. */
export type ThreadedExchange = z.infer<typeof addressSchema> & {
  /** Resolves once everything due by then is played and pushed. */
  step(now: number): Promise<void>;
  /** Resolves once it has had a turn to take in what was sent to it. */
  listen(): Promise<void>;
  close(): Promise<void>;
};

export async function startThreadedExchange(seed: number, now: number): Promise<ThreadedExchange> {
  const worker = new Worker(new URL("./exchange-thread.ts", import.meta.url), { workerData: { seed, now } });
  const [address] = (await once(worker, "message")) as [unknown];
  const tell = async (message: number | "listen" | "close") => {
    const answered = once(worker, "message");
    worker.postMessage(message, []);
    await answered;
  };
  return { ...addressSchema.parse(address), step: tell, listen: () => tell("listen"), close: () => tell("close") };
}
