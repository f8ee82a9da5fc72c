import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";

/** What becomes of a request for an order whose answer is lost. */
export type Loss =
  /** It arrives; its answer does not. */
  | "answer"
  /** It never arrives. */
  | "request"
  /** It arrives late, when nobody waits for its answer any more. */
  | "late";

interface LateRequest {
  readonly at: number;
  readonly send: () => Promise<void>;
}

/** Stands between the console and the exchange, and loses what passes. */
export interface LossyProxy {
  readonly restUrl: string;
  readonly wsUrl: string;
  /** While down nothing comes back, and only requests for orders get through, as far as their loss lets them. */
  isDown: boolean;
  /** How often each loss befell a request for an order. */
  readonly losses: ReadonlyMap<Loss, number>;
  /** Delivers the late requests that are due. */
  deliver(now: number): Promise<void>;
  close(): Promise<void>;
}

export interface LossyProxyParts {
  readonly target: string;
  readonly now: () => number;
  /** The fate of the next request for an order. */
  readonly nextLoss: () => Loss;
  /** How late a late request arrives, ms. */
  readonly latenessMs: () => number;
}

export async function startLossyProxy({ target, now, nextLoss, latenessMs }: LossyProxyParts): Promise<LossyProxy> {
  const upstream = new URL(target);
  const losses = new Map<Loss, number>();
  const streams = new Set<Socket>();
  let late: readonly LateRequest[] = [];
  let isDown = false;

  function forward(
    incoming: IncomingMessage,
    body: Buffer,
    answered: (answer: IncomingMessage) => void,
  ): Promise<void> {
    return new Promise((resolve) => {
      const { method, url: path, headers } = incoming;
      const options = { host: upstream.hostname, port: upstream.port, method, path, headers, agent: false } as const;
      const outgoing = request(options, (answer) => {
        answered(answer);
        answer.on("end", resolve);
        answer.on("error", () => {
          resolve();
        });
      });
      outgoing.on("error", () => {
        resolve();
      });
      outgoing.end(body);
    });
  }

  /** Takes everything in and lets nothing out. */
  const lose = (answer: IncomingMessage) => answer.resume();

  async function loseOrder(incoming: IncomingMessage, body: Buffer): Promise<void> {
    const loss = nextLoss();
    losses.set(loss, (losses.get(loss) ?? 0) + 1);
    if (loss === "answer") await forward(incoming, body, lose);
    if (loss === "late") late = [...late, { at: now() + latenessMs(), send: () => forward(incoming, body, lose) }];
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const isSubmit = incoming.method === "POST" && incoming.url?.startsWith("/api/v3/order?") === true;
    if (isDown) {
      if (isSubmit) await loseOrder(incoming, body);
      incoming.socket.destroy();
      return;
    }
    await forward(incoming, body, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => {
      incoming.socket.destroy();
    });
  });
  server.on("upgrade", (incoming: IncomingMessage, near: Socket, head: Buffer) => {
    if (isDown) {
      near.destroy();
      return;
    }
    const far = connect(Number(upstream.port), upstream.hostname);
    const lines = incoming.rawHeaders.flatMap((text, index) => (index % 2 === 0 ? [`${text}: `] : [`${text}\r\n`]));
    far.write(`GET ${incoming.url ?? "/"} HTTP/1.1\r\n${lines.join("")}\r\n`);
    far.write(head);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      streams.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        streams.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const stream of streams) stream.destroy();
  };

  return {
    restUrl: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}/ws`,
    get isDown() {
      return isDown;
    },
    set isDown(value) {
      isDown = value;
      if (value) cut();
    },
    losses,
    async deliver(at) {
      const due = late.filter((one) => one.at <= at);
      late = late.filter((one) => one.at > at);
      await Promise.all(due.map((one) => one.send()));
    },
    close() {
      cut();
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
