import type { OpenWireSocket } from "../../../src/adapters/mexc/ws/wire-socket.ts";
import type { ExchangeInProcess } from "../../../src/simulator/exchange-in-process.ts";
import type { StreamConnection } from "../../../src/simulator/server/stream-connection.ts";
import type { EventQueue } from "./event-queue.ts";
import type { ProcessLife } from "./process-life.ts";
import type { Weather } from "./weather.ts";

/** Every stream socket of a world, so that the network can break them. */
export interface StreamWires {
  /** @param onHeard called with each push of a market that reaches the process */
  open(life: ProcessLife, note: (line: string) => void, onHeard: () => void): OpenWireSocket;
  /** Ends them all at once: seen by both sides, or by the exchange alone while the client hears nothing more. */
  breakAll(manner: "reset" | "silent"): void;
  readonly size: number;
}

interface Wire {
  breakOff(manner: "reset" | "silent"): void;
}

const ADDRESS = "127.0.0.1";

export function createStreamWires(queue: EventQueue, exchange: ExchangeInProcess, weather: Weather): StreamWires {
  const wires = new Set<Wire>();
  return {
    get size() {
      return wires.size;
    },
    breakAll(manner) {
      for (const wire of [...wires]) wire.breakOff(manner);
    },
    open: (life, note, onHeard) => (address, listener) => {
      const latencyMs = weather.streamLatencyMs();
      let state: "connecting" | "open" | "over" = "connecting";
      let connection: StreamConnection | undefined;

      const toClient = (run: () => void) => {
        queue.after(latencyMs, () => {
          life.arrive(() => {
            if (state !== "over") run();
          });
        });
      };
      const leave = () => {
        wires.delete(wire);
        if (connection !== undefined) exchange.connections.forget(connection);
        connection = undefined;
      };
      const closedBy = (code: number) => {
        leave();
        toClient(() => {
          state = "over";
          listener.closed(code);
        });
      };
      const wire: Wire = {
        breakOff(manner) {
          if (manner === "reset") closedBy(1006);
          else leave();
        },
      };

      queue.after(latencyMs, () => {
        if (state === "over" || life.state === "dead") return;
        if (weather.refusesStreams()) {
          note("stream refused");
          toClient(() => {
            listener.failed(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
            state = "over";
            listener.closed(1006);
          });
          return;
        }
        const listenKey = new URL(address).searchParams.get("listenKey") ?? undefined;
        wires.add(wire);
        toClient(() => {
          state = "open";
          listener.opened();
        });
        connection = exchange.connections.accept(
          {
            get isOpen() {
              return wires.has(wire);
            },
            bufferedAmount: 0,
            send: (data) => {
              const isBinary = typeof data !== "string";
              const bytes = isBinary ? Buffer.from(data) : Buffer.from(data, "utf8");
              toClient(() => {
                if (isBinary && listenKey === undefined) onHeard();
                listener.message(bytes, isBinary);
              });
            },
            close: (code) => {
              closedBy(code ?? 1005);
            },
            terminate: () => {
              closedBy(1006);
            },
          },
          ADDRESS,
          listenKey,
        );
      });
      life.onDeath(() => {
        state = "over";
        leave();
      });

      return {
        get isOpen() {
          return state === "open";
        },
        send(text) {
          life.arrive(() => {
            queue.after(latencyMs, () => {
              connection?.receive(Buffer.from(text, "utf8"), false);
            });
          });
        },
        terminate() {
          if (state === "over") return;
          state = "over";
          queue.after(latencyMs, leave);
        },
      };
    },
  };
}
