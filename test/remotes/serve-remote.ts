import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { PipelineAnswer, PipelineBackend, PipelineRequest } from "./hrana.ts";
import { toHranaError } from "./hrana.ts";

/** What happens to one request. */
export type RemoteFault =
  /** The connection breaks before the request was looked at. */
  | "drop-before"
  /** The request is carried out, and the connection breaks in place of the answer. */
  | "drop-after"
  /** Accepted, and never answered. */
  | "black-hole"
  | "unauthorized"
  /** The quota is used up, as Turso says it. */
  | "full"
  | { readonly status: number }
  | { readonly delayMs: number };

export interface RemoteStats {
  requests: number;
  faults: number;
  bytesIn: number;
  bytesOut: number;
}

export interface RunningRemote {
  readonly url: string;
  readonly token: string;
  readonly stats: RemoteStats;
  /** Decides over each request from now on; undefined lets it pass. */
  setFaults(faults: (request: number) => RemoteFault | undefined): void;
  close(): Promise<void>;
}

/** Turso as far as a client over HTTP sees it: on loopback, with a token, and with whatever goes wrong with a network. */
export async function serveRemote(options: {
  readonly backend: PipelineBackend;
  readonly token?: string;
  readonly port?: number;
}): Promise<RunningRemote> {
  const { backend, token = "test-token" } = options;
  const stats: RemoteStats = { requests: 0, faults: 0, bytesIn: 0, bytesOut: 0 };
  let faults: (request: number) => RemoteFault | undefined = () => undefined;

  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const send = (status: number, content: unknown) => {
      const text = JSON.stringify(content);
      stats.bytesOut += text.length;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(text);
    };
    if (request.method === "GET" && request.url === "/v2") {
      send(200, {});
      return;
    }
    // The client asks for version 3 first, and takes 404 for a no.
    if (request.method !== "POST" || request.url !== "/v2/pipeline") {
      send(404, { message: "not found", code: "NOT_FOUND" });
      return;
    }
    stats.requests += 1;
    stats.bytesIn += body.length;
    const fault = faults(stats.requests);
    if (fault !== undefined) stats.faults += 1;
    if (fault === "black-hole") return;
    if (fault === "drop-before") {
      request.socket.destroy();
      return;
    }
    if (fault === "unauthorized" || request.headers.authorization !== `Bearer ${token}`) {
      send(401, { message: "unauthorized", code: "UNAUTHORIZED" });
      return;
    }
    if (fault === "full") {
      send(403, { message: "Operation was blocked: SQL write operations are forbidden (quota)", code: "BLOCKED" });
      return;
    }
    if (typeof fault === "object" && "status" in fault) {
      send(fault.status, { message: "the server has a bad day", code: "INTERNAL" });
      return;
    }
    let answered: PipelineAnswer;
    try {
      answered = await backend.answer(JSON.parse(body) as PipelineRequest);
    } catch (cause) {
      send(400, toHranaError(cause));
      return;
    }
    if (fault === "drop-after") request.socket.destroy();
    else if (fault === undefined) send(200, answered);
    else setTimeout(send, fault.delayMs, 200, answered);
  }

  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the remote has no port");
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    token,
    stats,
    setFaults(decide) {
      faults = decide;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      await backend.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
