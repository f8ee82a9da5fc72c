import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * `not-sent` only when the request provably failed before its first byte: no connection was ever there. Everything
 * else that is no answer is `unclear`.
 */
export type HttpResult =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: "not-sent"; readonly why: string }
  | { readonly kind: "unclear"; readonly why: string };

export interface HttpSender {
  /** Never throws for what the network does. */
  send(request: HttpRequest): Promise<HttpResult>;
  close(): void;
}

const LARGEST_BODY = 10 * 1024 * 1024;

/** Requests over kept-alive connections. `fetch` cannot say whether a request left, so this uses the plain client. */
export function createHttpSender(): HttpSender {
  const plain = new HttpAgent({ keepAlive: true, maxSockets: 16 });
  const secure = new HttpsAgent({ keepAlive: true, maxSockets: 16 });
  return {
    send: (request) => sendOnce(request, request.url.startsWith("https:") ? secure : plain),
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function sendOnce(wanted: HttpRequest, agent: HttpAgent | HttpsAgent): Promise<HttpResult> {
  return new Promise((resolve) => {
    let connected = false;
    let settled = false;
    const settle = (result: HttpResult) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      wanted.signal.removeEventListener("abort", onAbort);
      resolve(result);
    };
    const fail = (why: string) => {
      settle({ kind: connected ? "unclear" : "not-sent", why });
      outgoing.destroy();
    };
    const start = wanted.url.startsWith("https:") ? httpsRequest : httpRequest;
    const outgoing: ClientRequest = start(wanted.url, { method: wanted.method, headers: wanted.headers, agent });
    const onAbort = () => {
      fail("the request was given up");
    };
    const timer = setTimeout(() => {
      fail(`no answer within ${wanted.timeoutMs / 1000} s`);
    }, wanted.timeoutMs);

    outgoing.on("socket", (socket) => {
      // A socket that is still connecting has carried nothing; a kept one may carry bytes at once.
      if (!socket.connecting) {
        connected = true;
        return;
      }
      const ready = wanted.url.startsWith("https:") ? "secureConnect" : "connect";
      socket.once(ready, () => {
        connected = true;
      });
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      settle({ kind: connected ? "unclear" : "not-sent", why: reasonOf(error) });
    });
    outgoing.on("response", (incoming) => {
      connected = true;
      readBody(incoming, settle);
    });
    if (wanted.signal.aborted) onAbort();
    else {
      wanted.signal.addEventListener("abort", onAbort, { once: true });
      outgoing.end();
    }
  });
}

function readBody(incoming: IncomingMessage, settle: (result: HttpResult) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      settle({ kind: "unclear", why: "the answer is larger than 10 MB" });
      incoming.destroy();
      return;
    }
    chunks.push(chunk);
  });
  incoming.on("error", (error: NodeJS.ErrnoException) => {
    settle({ kind: "unclear", why: reasonOf(error) });
  });
  incoming.on("aborted", () => {
    settle({ kind: "unclear", why: "the connection broke in the middle of the answer" });
  });
  incoming.on("end", () => {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : (value ?? ""),
      ]),
    );
    settle({ kind: "answer", status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString("utf8") });
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens at the exchange's address",
  ENOTFOUND: "the exchange's name cannot be looked up",
  EAI_AGAIN: "the exchange's name cannot be looked up at present",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  ETIMEDOUT: "the connection timed out",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "the exchange cannot be reached",
};

function reasonOf(error: NodeJS.ErrnoException): string {
  const code = error.code ?? "";
  if (code !== "" && code in REASONS) return REASONS[code] ?? code;
  return code === "" ? error.message.slice(0, 120) : `the network says ${code}`;
}
