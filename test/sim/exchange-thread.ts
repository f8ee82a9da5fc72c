import { parentPort, workerData } from "node:worker_threads";
import { startSimulator } from "../../src/simulator/start-simulator.ts";

/** The simulated exchange in a thread of its own: it plays a step whenever it is told the time. */
interface Start {
  readonly seed: number;
  readonly now: number;
}

if (parentPort === null) throw new Error("this runs as a worker thread");
const port = parentPort;
const start = workerData as Start;
let now = start.now;
const simulator = await startSimulator({
  seed: start.seed,
  symbolCount: 3,
  limits: true,
  now: () => now,
  manual: true,
});
const { restUrl, wsUrl, apiKey, apiSecret } = simulator;
port.on("message", (message: number | "listen" | "close") => {
  if (message === "close") {
    void simulator.close().then(() => {
      port.postMessage("closed");
      port.close();
    });
    return;
  }
  if (message === "listen") {
    // After the sockets had their turn.
    setImmediate(() => {
      port.postMessage("listened");
    });
    return;
  }
  now = message;
  simulator.step();
  port.postMessage("stepped");
});
port.postMessage({ restUrl, wsUrl, apiKey, apiSecret });
