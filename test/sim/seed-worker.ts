import { parentPort } from "node:worker_threads";
import type { SeedResult } from "./run-seed.ts";
import { runSeed } from "./run-seed.ts";
import { createDisk } from "./world/disk.ts";

/** Runs the seeds it is told, one after the other; "stop" ends it. */
if (parentPort === null) throw new Error("this runs as a worker thread");
const port = parentPort;
const disk = createDisk();
let running = Promise.resolve();

async function run(seed: number): Promise<void> {
  const result = await runSeed(seed, disk);
  // The trace of a run that went well tells nothing.
  const told: SeedResult = result.violations.length === 0 ? { ...result, trace: [] } : result;
  port.postMessage(told);
  // Lets what the run left to the event loop, such as collected abort signals, have its turn.
  await new Promise((resolve) => setImmediate(resolve));
}

port.on("message", (message: number | "stop") => {
  if (message === "stop") {
    void running.then(() => {
      disk.remove();
      port.close();
    });
    return;
  }
  running = running.then(() => run(message));
});
