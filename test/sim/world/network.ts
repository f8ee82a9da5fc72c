import type { HttpRequest, HttpResult, HttpSender } from "../../../src/adapters/mexc/rest/http-request.ts";
import type { ExchangeInProcess } from "../../../src/simulator/exchange-in-process.ts";
import type { Served } from "../../../src/simulator/server/serve-request.ts";
import type { EventQueue } from "./event-queue.ts";
import type { ProcessLife } from "./process-life.ts";
import { ProcessDied } from "./process-life.ts";
import type { Weather } from "./weather.ts";

export interface NetworkParts {
  readonly queue: EventQueue;
  readonly exchange: ExchangeInProcess;
  readonly weather: Weather;
  readonly life: ProcessLife;
  readonly note: (line: string) => void;
  /** Told of each request that leaves the process, before anything can happen to it. */
  readonly onSent: (request: HttpRequest) => void;
  /** Told of each list of trades or candles that reaches the process, with when the exchange made it. */
  readonly onTrades: (madeAt: number) => void;
}

const ADDRESS = "127.0.0.1";

/** The way from one process to the exchange and back, for requests. */
export function createNetwork(parts: NetworkParts): HttpSender {
  const { queue, exchange, weather, life, note } = parts;

  function serve(request: HttpRequest): Promise<Served> {
    const { pathname, search } = new URL(request.url);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const { method } = request;
    return exchange.serve({
      method,
      path: pathname,
      rawQuery: search.slice(1),
      rawBody: "",
      headers,
      address: ADDRESS,
    });
  }

  function send(request: HttpRequest, settle: (result: HttpResult) => void): void {
    const name = nameOf(request);
    const fate = weather.fateOf(request);
    if (fate.kind === "refused-connection") {
      note(`${name}: no connection`);
      queue.after(1, () => {
        settle({ kind: "not-sent", why: "nobody listens at the exchange's address" });
      });
      return;
    }
    parts.onSent(request);
    note(`${name}: ${fate.kind}${fate.kind === "served" && fate.deliveries === 2 ? " twice" : ""}`);
    switch (fate.kind) {
      case "served":
        queue.after(fate.outMs, () => {
          const madeAt = queue.now;
          void serve(request).then((first) => {
            answer(first, fate.backMs, (result) => {
              if (isTradeList(request) && result.kind === "answer" && result.status === 200) parts.onTrades(madeAt);
              settle(result);
            });
          });
        });
        if (fate.deliveries === 2) queue.after(fate.outMs + fate.backMs, () => void serve(request));
        break;
      case "lost-request":
      case "lost-response":
        queue.after(fate.outMs, () => {
          if (fate.kind === "lost-response") void serve(request);
          if (fate.isReset) settle({ kind: "unclear", why: "the connection was reset" });
        });
        break;
      case "replaced":
        queue.after(fate.outMs, () => {
          if (fate.isProcessed) void serve(request);
          queue.after(1, () => {
            settle(fate.answer);
          });
        });
    }
    life.step(`sent ${name}`);
  }

  function answer(served: Served, backMs: number, settle: (result: HttpResult) => void): void {
    queue.after(backMs, () => {
      if (served.kind === "hang-up") settle({ kind: "unclear", why: "the connection was reset" });
      else settle({ kind: "answer", status: served.status, headers: served.headers, body: served.text });
    });
  }

  return {
    send: (request) =>
      new Promise((resolve) => {
        const onAbort = () => {
          finish({ kind: isUnderWay ? "unclear" : "not-sent", why: "the request was given up" });
        };
        let isOver = false;
        let isUnderWay = false;
        let stopWaiting = () => {};
        function finish(result: HttpResult): void {
          if (isOver) return;
          isOver = true;
          stopWaiting();
          request.signal.removeEventListener("abort", onAbort);
          resolve(result);
        }
        if (request.signal.aborted) {
          onAbort();
          return;
        }
        request.signal.addEventListener("abort", onAbort, { once: true });
        // A frozen process sends when it goes on, a dead one never.
        life.arrive(() => {
          if (isOver) return;
          try {
            life.step(`send ${nameOf(request)}`);
            isUnderWay = true;
            stopWaiting = queue.after(request.timeoutMs, () => {
              life.arrive(() => {
                finish({ kind: "unclear", why: `no answer within ${String(request.timeoutMs / 1_000)} s` });
              });
            });
            life.onDeath(() => {
              stopWaiting();
            });
            send(request, (result) => {
              life.arrive(() => {
                if (isOver) return;
                note(`${nameOf(request)} → ${wordsOf(result)}`);
                finish(result);
              });
            });
          } catch (cause) {
            // Whoever died here hears nothing any more.
            if (!(cause instanceof ProcessDied)) throw cause;
          }
        });
      }),
    close: () => undefined,
  };
}

/** As a guardian asks for it; one trade alone tells nothing of what was missed. */
/** What says whether anything was traded, and what. */
function isTradeList({ url }: HttpRequest): boolean {
  const { pathname, searchParams } = new URL(url);
  if (pathname === "/api/v3/klines") return searchParams.get("interval") === "1m";
  return pathname === "/api/v3/trades" && Number(searchParams.get("limit")) > 1;
}

/** For the trace and for dooms: "order POST td-1", "openOrders GET". */
export function nameOf({ method, url }: Pick<HttpRequest, "method" | "url">): string {
  const { pathname, searchParams } = new URL(url);
  const about =
    searchParams.get("newClientOrderId") ?? searchParams.get("origClientOrderId") ?? searchParams.get("orderId");
  return `${pathname.replace("/api/v3/", "")} ${method}${about === null ? "" : ` ${about}`}`;
}

function wordsOf(result: HttpResult): string {
  if (result.kind !== "answer") return result.why;
  return result.status === 200 ? "200" : `${String(result.status)} ${result.body.slice(0, 80)}`;
}
